import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTakeActivities } from '../../../src/activities/rotate/take.ts';
import type { RotationConsumer, RotationTarget } from '../../../src/activities/rotate/target.ts';
import { stageDelivery, swapDelivery } from '../../../src/activities/secrets/deliver.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import { container } from '../docker-double.ts';
import { runAttempt, testPlatform } from '../test-attempt.ts';
import { testRun } from '../test-platform-run.ts';

const consumer: RotationConsumer = {
  ...{ name: 'app', service: 'app', takes: { command: ['reread'] } },
  ...{ minHealthyMs: 0, healthTimeoutMs: 1000 },
};
const target = { name: 'db-app', from: 'v1', strategy: 'single' } as RotationTarget;
const asked = { target, consumer, version: 'v2' };

/** A consumer that takes a new value by a command; the value is delivered, and nobody has told it. */
async function delivered() {
  const directory = mkdtempSync(join(tmpdir(), 'rbtest-take-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = {
    services: { db: { kind: 'postgres' }, app: { kind: 'container' } },
    secrets: {
      items: {
        'db-app': {
          description: 'd',
          deliver: { app: { uid: process.getuid?.() ?? 0, takes: consumer.takes } },
          credential: { service: 'db', type: 'role', account: { role: 'app', database: 'app' } },
        },
      },
    },
  };
  const run = testRun({ db: 'h', app: 'h' }, file);
  run.world.containers = ['db', 'app'].map((name) => container(name));
  const platform = testPlatform(file, directory);
  const store = openPlatformStore(platform);
  await store.mint('db-app', 32);
  await store.mintPending('db-app', { length: 32 });
  await stageDelivery(platform, 'db-app', 'v2', async () => {});
  await swapDelivery(platform, 'db-app', 'v2', async () => {});
  const commands: string[] = [];
  let exitCode = 0;
  run.world.exec = (_, argv) => {
    commands.push(argv.join(' '));
    return { exitCode };
  };
  const attempt = { ...run.attempt, platform: async () => platform };
  const activities = createTakeActivities(run.deps);
  const as = <T>(work: () => Promise<T>) => runAttempt(attempt, work);
  return {
    commands,
    failWith: (code: number) => {
      exitCode = code;
    },
    take: () => as(() => activities.takeSecret(attempt.ctx, asked)),
    takeBack: () => as(() => activities.takeBack(attempt.ctx, asked)),
    verdict: async () => (await as(() => activities.takeVerdict(attempt.ctx, asked))).state,
  };
}

test('a consumer whose command succeeded has taken the value, and is not told again', async () => {
  const { commands, take, verdict } = await delivered();
  expect(await verdict()).toBe('absent');
  await take();
  expect(await verdict()).toBe('in-place');
  await take();
  expect(commands).toEqual(['reread']);
});

test('one whose command failed has not, and a retry tells it again', async () => {
  const { commands, failWith, take, verdict } = await delivered();
  failWith(1);
  await expect(take()).rejects.toMatchObject({ code: 'RB_NOT_TAKEN' });
  expect(await verdict()).toBe('absent');
  failWith(0);
  await take();
  expect(commands).toEqual(['reread', 'reread']);
  expect(await verdict()).toBe('in-place');
});

test('the way back tells also one whose command failed, for it may have the new value', async () => {
  const { commands, failWith, take, takeBack } = await delivered();
  failWith(1);
  await expect(take()).rejects.toMatchObject({ code: 'RB_NOT_TAKEN' });
  failWith(0);
  await takeBack();
  await takeBack();
  expect(commands).toEqual(['reread', 'reread']);
});

test('the way back leaves alone who was never told', async () => {
  const { commands, takeBack } = await delivered();
  await takeBack();
  expect(commands).toEqual([]);
});
