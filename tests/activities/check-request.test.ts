import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createResolveActivities } from '../../src/activities/resolve.ts';

/** A host that knows these platforms. */
function hostWith(...names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rbtest-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const platformFiles = names.map((name) => {
    const file = join(folder, `${name}.yaml`);
    const platform = { schema: 'runbook.platform/v1', name, compose: { project: name } };
    writeFileSync(file, JSON.stringify({ ...platform, services: {} }));
    return file;
  });
  const stateDirectory = join(folder, 'state');
  const { checkRequest } = createResolveActivities({
    stateDirectory,
    definitionsDirectory: join(import.meta.dirname, '../../runbooks'),
    platformFiles,
    defaultPlatform: undefined,
    codeVersion: 'test',
    heartbeatTimeoutMs: 8000,
  });
  return {
    stateDirectory,
    check: (request: unknown, runbook = 'deploy') => checkRequest({ runbook, request }),
  };
}

test('says on which platform a request without one would run, and leaves no trace', async () => {
  const { check, stateDirectory } = hostWith('lab');
  expect(await check({})).toEqual({ platform: 'lab' });
  expect(existsSync(stateDirectory)).toBe(false);
});

test('refuses everything that is wrong at once, with the nearest valid names', async () => {
  const { check } = hostWith('lab', 'shop');
  const request = { platform: 'labb', params: { removeOrphan: true, removeOrphans: 7 } };
  expect(await check(request)).toEqual({
    refused: {
      code: 'RB_INPUT_INVALID',
      what: "the run's input has 3 problems",
      why: [
        'platform: expected one of "lab", "shop" (did you mean "lab"?), got "labb"',
        'params.removeOrphan: expected a known parameter (did you mean "removeOrphans"?), got "removeOrphan"',
        'params.removeOrphans: expected true or false, got 7',
      ].join('\n'),
      fix: expect.stringContaining('give an object such as'),
    },
  });
});

test.each(['deplyo', '../../etc/passwd', 'toString', ''])(
  'a runbook that the worker does not have becomes part of no path: "%s"',
  async (runbook) => {
    const answer = await hostWith('lab').check({}, runbook);
    expect(answer).toMatchObject({ refused: { code: 'RB_RUNBOOK_UNKNOWN' } });
  },
);
