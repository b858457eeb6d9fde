import { expect, test } from 'vitest';
import { createMintActivities } from '../../../src/activities/rotate/mint.ts';
import { rotationRun, secret } from './rotation-run.ts';

test('a version that a failed way back left in a file stays in the store, for it has the only copy', async () => {
  const { run, attempt, as, rotation, store, deliver } = await rotationRun('restart');
  const { discardSecret } = createMintActivities(run.deps);
  await deliver('v2');
  await expect(as(() => discardSecret(attempt.ctx, rotation))).rejects.toMatchObject({
    code: 'RB_SECRET_IN_FORCE',
    why: 'the files of app have it',
    fix: expect.stringContaining(`--set secrets=${secret}`),
  });
  expect(await store.read(secret, 'v2')).toBeDefined();
  expect(await store.labels(secret)).toMatchObject({ pending: 'v2' });
});
