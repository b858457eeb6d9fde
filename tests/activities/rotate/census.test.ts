import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countOnce, requireNothingLost } from '../../../src/activities/rotate/census.ts';
import type { OpenedCredential } from '../../../src/activities/rotate/open-credential.ts';
import { testAttempt } from '../test-attempt.ts';

/** MinIO's root on its way from v1 to v2, with counts that the test sets; it answers to one of both values only. */
function minioRoot() {
  const runDirectory = mkdtempSync(join(tmpdir(), 'rbtest-census-'));
  onTestFinished(() => rmSync(runDirectory, { recursive: true }));
  const service = { holds: 'v1', keeps: { users: 3, accessKeys: 5 } };
  const own = {
    ...{ secret: 'minio-root', credential: { service: 'minio' }, target: {} },
    opened: { attempt: testAttempt({ runDirectory }) },
    store: { labels: async () => ({ current: 'v1', pending: 'v2' }) },
    type: {
      holds: async (_: unknown, { value }: { value: string }) =>
        value === service.holds ? 'this' : 'another',
      census: async (_: unknown, { value }: { value: string }) => {
        if (value !== service.holds) throw new Error(`${value} is refused`);
        return { ...service.keeps };
      },
    },
    read: async (version: string) => ({ login: 'root', value: version }),
    proving: async () => ({}),
  } as unknown as OpenedCredential;
  return { own, service };
}

test('is counted once, with the value that the service has, before it takes another', async () => {
  const { own, service } = minioRoot();
  await countOnce(own);
  service.holds = 'v2';
  service.keeps = { users: 3, accessKeys: 4 };
  await expect(requireNothingLost(own, 'v2')).rejects.toMatchObject({
    code: 'RB_CENSUS_CHANGED',
    why: 'accessKeys: 5 before, 4 now',
  });
});

test('what somebody makes meanwhile is no loss', async () => {
  const { own, service } = minioRoot();
  await countOnce(own);
  service.holds = 'v2';
  service.keeps = { users: 4, accessKeys: 5 };
  await requireNothingLost(own, 'v2');
});

test('a run that finds the service with its next value counts with that one', async () => {
  const { own, service } = minioRoot();
  service.holds = 'v2';
  expect(await countOnce(own)).toEqual(service.keeps);
  await requireNothingLost(own, 'v2');
});
