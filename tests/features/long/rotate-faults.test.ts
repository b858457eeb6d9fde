import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openSecretStore } from '../../../src/activities/secrets/store.ts';
import type { LockBook } from '../../../src/shared/lock.ts';
import { lockWorkflowId, messages } from '../../../src/shared/messages.ts';
import { CrashPoint } from '../../support/crash-point.ts';
import { decide, parkedErrors, parkedOrOver, retryUntilOver } from '../../support/parked.ts';
import { until } from '../../support/until.ts';
import type { World } from '../../support/world.ts';

/** What befalls the services of the reference platform while a credential of theirs is between old and new. */

let crash: CrashPoint;
let world: World;
beforeAll(async () => {
  crash = await CrashPoint.open('lab');
  world = crash.world;
  await world.deployed();
});
afterAll(() => crash?.close());

const store = () => openSecretStore(join(world.platform.directory, '.secrets', 'store'));
const container = (service: string) => `${world.platform.project}-${service}-1`;
const docker = async (...args: string[]) => (await execa('docker', args)).stdout;

const standStillAt = (secret: string, point: string, meddle: () => Promise<unknown>) =>
  crash.standStillAt(point, 'rotate-secrets', { params: { secrets: [secret] } }, meddle);

const Cluster = z.object({
  members: z.array(z.object({ name: z.string(), role: z.string(), state: z.string() })),
});

/** By the word of the first member that answers. */
async function cluster() {
  for (const member of ['pg1', 'pg2', 'pg3']) {
    const url = 'http://127.0.0.1:8008/cluster';
    const answer = await docker('exec', container(member), 'curl', '-sS', url).catch(() => '');
    if (answer !== '') return Cluster.parse(JSON.parse(answer)).members;
  }
  return [];
}

const leader = () =>
  until(
    'there is a leader that runs',
    async () =>
      (await cluster()).find(({ role, state }) => role === 'leader' && state === 'running')?.name,
    60_000,
  );

const untilStreaming = () =>
  until(
    'two replicas stream',
    async () => (await cluster()).filter(({ state }) => state === 'streaming').length === 2,
    120_000,
  );

const next = (version: string) => `v${Number(version.slice(1)) + 1}`;

const current = async (secret: string) => (await store().labels(secret)).current ?? '';

/** The file of every consumer holds the version in force, and nothing else of the secret lies beside it. */
async function expectAgreed(secret: string, version: string, consumers: readonly string[]) {
  const held = await store().readCurrent(secret);
  expect(held?.version).toBe(version);
  expect((await store().labels(secret)).pending).toBeUndefined();
  for (const consumer of consumers) {
    const path = join('.secrets', 'delivered', consumer, secret);
    const last = (await world.platform.read(path)).trimEnd().split('\n').at(-1);
    expect(last === held?.value, `the file of ${consumer}`).toBe(true);
  }
  const lock = world.client.workflow.getHandle(lockWorkflowId(world.platform.name));
  expect(await lock.query<LockBook>(messages.lockState)).toMatchObject({ holders: [], queue: [] });
}

/** The old value is refused by name, the platform is well, and whoever uses the new one can log in. */
async function expectInForce(run: WorkflowHandle, secret: string, from: string): Promise<void> {
  const report = await world.report(run);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(report.findings).toContainEqual({
    name: `${secret}@${from}`,
    value: expect.stringMatching(/^refused: (28P01|28000|InvalidAccessKeyId|SignatureDoes)/),
    ok: true,
  });
  await expectWell();
}

async function expectWell(): Promise<void> {
  await untilStreaming();
  // What services say of a neighbour that dies, or that has just taken over, is no fault; what they go on to say is.
  const since = { params: { since: '1s' } };
  await until(
    'the platform is verified',
    async () => {
      const { outcome, error } = await world.report(await world.start('verify-platform', since));
      if (outcome !== 'succeeded') throw new Error(JSON.stringify(error));
      return true;
    },
    30_000,
  );
}

/** Goes on by itself, or parks with words that help and goes on by retry once `mend` is done. */
async function goesOn(run: WorkflowHandle, mend: () => Promise<unknown>): Promise<string> {
  const state = await parkedOrOver(world, run);
  const told = parkedErrors(state);
  for (const { why, fix } of told) expect(why && fix).toBeTruthy();
  await mend();
  await retryUntilOver(world, run);
  const codes = told.map(({ code }) => code).join(', ');
  process.stdout.write(`${run.workflowId}: ${codes === '' ? 'went on by itself' : codes}\n`);
  return codes;
}

describe('a failover of Patroni', () => {
  test.each([
    [
      'postgres-canary',
      ['canary', 'database-init'],
      'before proveConsumers consumers-postgres-canary verify',
    ],
    [
      'postgres-canary-single',
      ['canary', 'database-init'],
      'before retireSecret retire-postgres-canary-single act',
    ],
    [
      'postgres-replication',
      ['pg1', 'pg2', 'pg3'],
      'after switchSecret switch-postgres-replication act',
    ],
  ])(
    'that a dead leader brings between set and retire of %s does not change its end',
    async (secret, consumers, point) => {
      const from = await current(secret);
      let killed = '';
      const run = await standStillAt(secret, point, async () => {
        killed = await leader();
        await docker('kill', container(killed));
      });
      await goesOn(run, async () => {
        await docker('start', container(killed));
        await untilStreaming();
      });
      await expectInForce(run, secret, from);
      expect(await leader()).not.toBe(killed);
      await expectAgreed(secret, next(from), consumers);
    },
  );

  test('that was asked for between set and retire does not change its end either', async () => {
    const secret = 'postgres-superuser';
    const from = await current(secret);
    const run = await standStillAt(secret, `before takeSecret take-${secret}/pg2 act`, async () => {
      const led = await leader();
      await docker('exec', container(led), 'patronictl', 'switchover', '--leader', led, '--force');
      await until('another one leads', async () => (await leader()) !== led, 60_000);
    });
    await goesOn(run, untilStreaming);
    await expectInForce(run, secret, from);
    await expectAgreed(secret, next(from), ['pg1', 'pg2', 'pg3', 'database-init']);
  });
});

describe('MinIO that is stopped', () => {
  const secret = 's3-canary';
  const consumers = ['canary', 'minio-init'];
  const stop = () => docker('stop', container('minio'));
  const startAgain = async () => {
    await docker('start', container('minio'));
    const health = ['inspect', '--format', '{{.State.Health.Status}}', container('minio')];
    await until('MinIO is healthy', async () => (await docker(...health)) === 'healthy', 120_000);
  };

  test.each([
    `before switchSecret switch-${secret} act`,
    `before retireSecret retire-${secret} act`,
  ])('%s parks the run, which goes on once it is started again', async (point) => {
    const from = await current(secret);
    const run = await standStillAt(secret, point, stop);
    expect(await goesOn(run, startAgain)).toMatch(/^RB_(ROUTE_DOWN|CREDENTIAL_UNANSWERED)$/);
    await expectInForce(run, secret, from);
    const version = await current(secret);
    expect(version).not.toBe(from);
    await expectAgreed(secret, version, consumers);
  });

  test('in the middle leaves an undo that goes back everywhere, once it is started again', async () => {
    const from = await current(secret);
    const run = await standStillAt(
      secret,
      `before proveConsumers consumers-${secret} verify`,
      stop,
    );
    expect(parkedErrors(await parkedOrOver(world, run))).toMatchObject([
      { code: expect.stringMatching(/^RB_(ROUTE_DOWN|CREDENTIAL_UNANSWERED|NOT_HEALTHY)$/) },
    ]);
    await startAgain();
    await decide(world, run, 'undo');
    expect(await world.report(run)).toMatchObject({ outcome: 'undone' });
    await expectWell();
    await expectAgreed(secret, from, consumers);
  });
});

describe("a wrong value of MinIO's administrator in the store", () => {
  const secret = 's3-canary';

  /** The way back to the right one. */
  async function plantWrongRoot(): Promise<() => Promise<void>> {
    const version = await current('minio-root');
    const path = join(world.platform.directory, '.secrets', 'store', 'minio-root', version);
    const right = await readFile(path);
    await writeFile(path, 'x'.repeat(right.length));
    return () => writeFile(path, right);
  }

  test('is refused before anything is touched', async () => {
    const [from, versions] = [await current(secret), await store().versions(secret)];
    const request = { params: { secrets: [secret] }, options: { onFailure: 'abort' } };
    const putBack = await plantWrongRoot();
    const run = await world.start('rotate-secrets', request);
    const report = await world.report(run).finally(putBack);
    expect(report).toMatchObject({
      outcome: 'failed',
      changed: false,
      error: {
        code: 'RB_CREDENTIAL_ADMIN',
        what: 'MinIO refuses lakehouse-root as its administrator',
        fix: expect.stringContaining('see whether the store holds its present secret'),
      },
    });
    expect(await store().versions(secret)).toEqual(versions);
    await expectAgreed(secret, from, ['canary', 'minio-init']);
  });

  test('that comes in the middle parks the run, and an undo needs no administrator', async () => {
    const from = await current(secret);
    let putBack = async () => {};
    const run = await standStillAt(secret, `before switchSecret switch-${secret} act`, async () => {
      putBack = await plantWrongRoot();
    });
    try {
      expect(parkedErrors(await parkedOrOver(world, run))).toMatchObject([
        { code: 'RB_CREDENTIAL_ADMIN' },
      ]);
      await decide(world, run, 'undo');
      expect(await world.report(run)).toMatchObject({ outcome: 'undone' });
    } finally {
      await putBack();
    }
    await expectWell();
    await expectAgreed(secret, from, ['canary', 'minio-init']);
  });
});

describe("a rotation of MinIO's root that was terminated once MinIO had the new value", () => {
  test('is ended by another run, which moves before it what root administers', async () => {
    const [administered, root] = ['s3-canary', 'minio-root'];
    const [fromKey, fromRoot] = [await current(administered), await current(root)];
    await crash.terminateAt(`before retireSecret retire-${root} act`, 'rotate-secrets', {
      params: { secrets: [root] },
    });
    const { current: stillCurrent, pending = '' } = await store().labels(root);
    expect(stillCurrent).toBe(fromRoot);
    const params = { secrets: [administered, root] };
    const run = await world.start('rotate-secrets', { params });
    await expectInForce(run, administered, fromKey);
    await expectInForce(run, root, fromRoot);
    await expectAgreed(administered, await current(administered), ['canary', 'minio-init']);
    expect(await current(administered)).not.toBe(fromKey);
    await expectAgreed(root, pending, ['minio', 'minio-init']);
  });
});
