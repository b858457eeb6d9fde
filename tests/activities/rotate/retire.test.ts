import { expect, test } from 'vitest';
import { createRetireActivities } from '../../../src/activities/rotate/retire.ts';
import { rotationRun, secret } from './rotation-run.ts';

test('an attempt that a newer one has taken over from does not write down that there is no way back', async () => {
  const { run, attempt, as, rotation, store } = await rotationRun('restart');
  const { retireSecret } = createRetireActivities(run.deps);
  const fenced = {
    checkFence: async () => {
      throw new Error('taken over');
    },
  };
  await expect(as(() => retireSecret(attempt.ctx, rotation), fenced)).rejects.toThrow('taken over');
  expect(await store.journal(secret)).toEqual([]);
});

test('a version in force is not finished before the values that nobody needs are gone', async () => {
  const { run, attempt, as, rotation, store } = await rotationRun('restart');
  const { finishSecret, finishVerdict } = createRetireActivities(run.deps);
  const verdict = async (next: typeof rotation) =>
    (await as(() => finishVerdict(attempt.ctx, next))).state;
  expect(await verdict(rotation)).toBe('absent');
  await as(() => finishSecret(attempt.ctx, rotation));
  expect(await verdict(rotation)).toBe('in-place');

  // The next rotation's worker dies right after it has put the label.
  const { version } = await store.mintPending(secret, { length: 32 });
  const next = { target: { ...rotation.target, from: 'v2' }, version };
  await store.promote(secret, version);
  expect(await verdict(next)).toBe('absent');
  await as(() => finishSecret(attempt.ctx, next));
  expect(await verdict(next)).toBe('in-place');
  expect((await store.versions(secret)).map((own) => own.version)).toEqual(['v2', 'v3']);
});

test('nothing is retired while a consumer has another value in its file, whatever was proved before', async () => {
  const { run, attempt, as, rotation, store } = await rotationRun('restart');
  const { retireSecret } = createRetireActivities(run.deps);
  await expect(as(() => retireSecret(attempt.ctx, rotation))).rejects.toMatchObject({
    code: 'RB_CONSUMER_BEHIND',
    why: 'the file of app has v1',
  });
  expect(await store.journal(secret)).toEqual([]);
});
