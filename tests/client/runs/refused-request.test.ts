import { expect, test } from 'vitest';
import { readDefinitions } from '../../../src/client/local/definitions.ts';
import { refusedRequest } from '../../../src/client/runs/refused-request.ts';
import type { RunbookError } from '../../../src/shared/errors.ts';
import { errorFacts } from '../../../src/shared/errors.ts';
import { checkRunRequest } from '../../../src/shared/run-input.ts';

const learnt = /runbook down, then runbook up --platform FILE .*RUNBOOK_PLATFORMS of the worker/;

/** The fix for a start of `verify-platform` with what the worker knows. */
async function fixOf(request: object, platforms: readonly string[]) {
  const definition = (await readDefinitions()).find(({ name }) => name === 'verify-platform');
  if (definition === undefined) throw new Error('the runbook is gone');
  let refusal: RunbookError | undefined;
  try {
    checkRunRequest(request, { definition, platforms });
  } catch (error) {
    refusal = error as RunbookError;
  }
  return refusedRequest('verify-platform', errorFacts(refusal)).fix;
}

test.each([
  ['a platform that the worker does not know', { platform: 'try-shop' }, ['lab']],
  ['a worker that knows no platform', {}, []],
  ['both a platform and a parameter', { platform: 'try-shop', params: { x: 1 } }, ['lab']],
])('of %s the fix says how a worker learns of platforms', async (_, request, platforms) => {
  const fix = await fixOf(request, platforms);
  expect(fix).toMatch(learnt);
  expect(fix).toContain('runbook show verify-platform');
});

test.each([
  ['no platform, of several', {}, ['lab', 'shop']],
  ['a wrong parameter', { platform: 'lab', params: { platform: 'x' } }, ['lab']],
])('of %s the fix is about flags alone', async (_, request, platforms) => {
  expect(await fixOf(request, platforms)).toBe(
    'correct the flags or the file of --vars; runbook show verify-platform says what it takes',
  );
});

test('other refusals keep their own fix', () => {
  const facts = { code: 'RB_RUNBOOK_UNKNOWN', what: 'x', why: 'platform: y', fix: 'z' };
  expect(refusedRequest('deploy', facts)).toBe(facts);
});
