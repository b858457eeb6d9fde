import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Attempt } from '../../../src/activities/attempt.ts';
import type { RotationConsumer, RotationTarget } from '../../../src/activities/rotate/target.ts';
import { stageDelivery, swapDelivery } from '../../../src/activities/secrets/deliver.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import type { Takes } from '../../../src/shared/credential-schema.ts';
import { container } from '../docker-double.ts';
import { runAttempt, testPlatform } from '../test-attempt.ts';
import { testRun } from '../test-platform-run.ts';

export const secret = 'db-app';

/** A platform whose database has an application, in the middle of a rotation: v1 is in force, v2 is minted. */
export async function rotationRun(takes: Takes, settings: { readonly port?: number } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'rbtest-rotation-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = {
    services: { db: { kind: 'postgres', settings }, app: { kind: 'container' } },
    secrets: {
      items: {
        [secret]: {
          description: 'd',
          deliver: { app: { uid: process.getuid?.() ?? 0, takes } },
          credential: { service: 'db', type: 'role', account: { role: 'app', database: 'app' } },
        },
      },
    },
  };
  const run = testRun({ db: 'h', app: 'h' }, file);
  run.world.containers = ['db', 'app'].map((name) => container(name));
  const platform = testPlatform(file, directory);
  const store = openPlatformStore(platform);
  await store.mint(secret, 32);
  await store.mintPending(secret, { length: 32 });
  const deliver = async (version: string) => {
    await stageDelivery(platform, secret, version, async () => {});
    await swapDelivery(platform, secret, version, async () => {});
  };
  await deliver('v1');
  const consumer: RotationConsumer = {
    ...{ name: 'app', service: 'app', takes, minHealthyMs: 0, healthTimeoutMs: 1000 },
  };
  const target = {
    ...{ name: secret, service: 'db', from: 'v1', login: 'app', strategy: 'single' },
    ...{ takenAtStart: false, consumers: [consumer], survivors: 'leave', drainMs: 0 },
  } as unknown as RotationTarget;
  const attempt: Attempt = { ...run.attempt, platform: async () => platform };
  return {
    ...{ run, platform, store, deliver, attempt },
    rotation: { target, version: 'v2' },
    asked: { target, consumer, version: 'v2' },
    as: <T>(work: () => Promise<T>, changed: Partial<Attempt> = {}) =>
      runAttempt({ ...attempt, ...changed }, work),
  };
}
