import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { CrashPoint } from '../support/crash-point.ts';
import {
  containerOf,
  describeCredential,
  miniSecret,
  sql,
  storeOf,
} from '../support/mini-credential.ts';
import { decide, parkedErrors, parkedOrOver, retryUntilOver } from '../support/parked.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

/** Somebody who logged in with the old value and stays: by policy left, by `leaked` ended. */

let crash: CrashPoint;
let world: World;
beforeAll(async () => {
  crash = await CrashPoint.open();
  world = crash.world;
  await describeCredential(world);
  await world.platform.edit('platform.yaml', (text) =>
    text
      .replace('type: role, account:', 'type: role, survivors: leave, account:')
      // A job that says nothing of how it takes a new value.
      .replace('migrate: { uid: 5432, takes: start }', 'migrate: 5432'),
  );
  await world.deployed();
});
afterAll(() => crash?.close());

const secrets = [miniSecret];
const open = "FROM pg_stat_activity WHERE application_name = 'stays'";
const staying = () => sql(world, `SELECT pid ${open}`);
const inDatabase = async (...argv: readonly string[]) =>
  execa('docker', ['exec', await containerOf(world, 'db'), ...argv]);

/** Logs in over TCP with the value of now, and stays for longer than any test. */
async function stay(): Promise<string> {
  const { value } = (await storeOf(world).readCurrent(miniSecret)) ?? {};
  const url = `postgres://app:${value}@127.0.0.1/app?application_name=stays`;
  const args = ['exec', await containerOf(world, 'db'), 'psql', url, '-c', 'SELECT pg_sleep(600)'];
  const session = execa('docker', args, { reject: false });
  onTestFinished(async () => {
    await sql(world, `SELECT pg_terminate_backend(pid) ${open}`);
    await session;
  });
  return until('the session is open', async () => (await staying()) || undefined);
}

const sessionsIn = ({ findings }: RunReport) =>
  findings.find(({ name }) => name.startsWith('sessions of '));

test('a policy that leaves sessions leaves them and counts them, and a job that has ended is not started', async () => {
  const before = await world.platform.effects();
  const pid = await stay();
  const report = await world.report(await world.start('rotate-secrets', { params: { secrets } }));
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(sessionsIn(report)).toMatchObject({
    value: '1 left: 127.0.0.1 to db (stays)',
    ok: true,
  });
  expect(await staying()).toBe(pid);
  expect(await world.platform.effects()).toEqual({ ...before, web: (before.web ?? 0) + 1 });
});

test('a leaked value is not done with while a session of it stays: the run parks, and a retry ends it', async () => {
  const pid = await stay();
  // A process that stands still hears no signal, as one does that waits for a broken disk.
  await inDatabase('bash', '-c', `kill -STOP ${pid}`);
  const run = await world.start('rotate-secrets', { params: { secrets, leaked: true } });
  const state = await parkedOrOver(world, run);
  await inDatabase('bash', '-c', `kill -CONT ${pid}`);
  expect(parkedErrors(state)).toMatchObject([
    {
      code: 'RB_SESSIONS_LEFT',
      what: expect.stringMatching(/^1 session of db-password@v\d+ did not end$/),
      why: expect.stringContaining('(stays)'),
    },
  ]);
  await retryUntilOver(world, run);
  const report = await world.report(run);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(sessionsIn(report)).toMatchObject({ value: '0 left', ok: true });
  expect(await staying()).toBe('');
});

test('that a value has leaked may become known while the run is parked', async () => {
  await stay();
  const point = `before retireSecret retire-${miniSecret} act`;
  const file = join(world.platform.directory, '.secrets', 'delivered', 'web', miniSecret);
  let whole = '';
  const run = await crash.standStillAt(
    point,
    'rotate-secrets',
    { params: { secrets } },
    async () => {
      whole = await readFile(file, 'utf8');
      await truncate(file, 16);
    },
  );
  const state = await parkedOrOver(world, run);
  expect(parkedErrors(state)).toMatchObject([{ code: 'RB_CONSUMER_BEHIND' }]);
  await writeFile(file, whole);
  await decide(world, run, 'retry-with', { leaked: true });
  const report = await world.report(run);
  expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
  expect(sessionsIn(report)).toMatchObject({ value: '0 left', ok: true });
  expect(await staying()).toBe('');
});
