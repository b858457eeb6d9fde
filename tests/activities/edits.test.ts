import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEditActivities } from '../../src/activities/edits.ts';
import { runAttempt, testAttempt, testContext } from './test-attempt.ts';

const { checkEdits } = createEditActivities({
  definitionsDirectory: join(import.meta.dirname, '../../runbooks'),
});
const platformFile = { services: { db: { kind: 'postgres' }, web: { kind: 'http' } } };
const params = { services: ['db'], max: 4, maxErrors: 0 };
const check = (edits: object) => {
  const attempt = testAttempt({ platformFile });
  return runAttempt(attempt, () =>
    checkEdits({ ...testContext, runbook: 'restart' }, { params, edits: { ...edits } }),
  );
};

test('a good value is taken', async () => {
  expect(await check({ max: 1 })).toEqual({ problems: [] });
});

test('every problem is named', async () => {
  const { problems } = await check({ max: 0, maxErors: 1 });
  expect(problems).toEqual([
    'params.maxErors: expected a known parameter (did you mean "maxErrors"?), got "maxErors"',
    'params.max: expected a whole number from 1 to 64, got 0',
  ]);
});

test('services stay: the locks of the run follow from them', async () => {
  const { problems } = await check({ services: ['web'] });
  expect(problems).toEqual([expect.stringMatching(/^params\.services: expected no change/)]);
});
