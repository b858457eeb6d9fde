import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { RunReport } from '../../src/shared/report.ts';
import { notRotated, passwordInEnvironment } from '../support/mini-env-password.ts';
import { addressOf, passwordAnswer } from '../support/password-answer.ts';
import { reset, resetPoints } from '../support/reset.ts';
import { containerTexts, historyText, leaks, secretValues } from '../support/secret-leaks.ts';
import { World } from '../support/world.ts';

/** Mini with the password of its database in the environment: moved, and then rotated. */

let world: World;
const before = new Map<string, string>();
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await passwordInEnvironment(world.platform);
  for (const name of ['compose.yaml', 'platform.yaml'])
    before.set(name, await world.platform.read(name));
  await world.deployed();
});
afterAll(() => world?.close());

const variable = async (name: string) =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(await world.platform.read('.env'))?.[1] ?? '';

const answer = async (password: string) =>
  passwordAnswer({
    ...{ host: await addressOf(world.platform.project, 'db'), user: 'app', database: 'app' },
    password,
  });

const finding = ({ findings }: RunReport, name: string) =>
  findings.find((one) => one.name === name);

const approvals = `approvals:
  approvers: [bob]
  starterMayApprove: false
  always: { runbooks: [rotate-secrets] }
services:
`;

const rotationOf = (report: RunReport) =>
  world.client.workflow.getHandle(finding(report, 'rotation')?.run ?? '');

/** The files as they were before any migration; a deploy puts the values back into the environment file. */
async function unmigrated(): Promise<void> {
  for (const [name, text] of before) await world.platform.edit(name, () => text);
  await world.deployed();
}

test('with rotate=false nothing is started, and the report says what to start', async () => {
  const request = { params: { rotate: false } };
  const report = await world.report(await world.start('migrate-secrets', request));
  expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
  expect(report.steps.some(({ id }) => id === 'rotate')).toBe(false);
  expect(finding(report, 'rotate now')?.value).toBe(
    'runbook start rotate-secrets --set secrets=db-password',
  );
  // Nor has the next deploy anything to put right.
  const deploy = await world.report(await world.start('deploy'));
  expect(deploy).toMatchObject({ outcome: 'succeeded', changed: false });
  await unmigrated();
});

test('says what the password opens, moves it, rotates it, and the old value opens nothing', async () => {
  const [old, token] = [await variable('DB_PASSWORD'), await variable('WEB_TOKEN')];
  expect(await answer(old)).toBe('in');
  const { exitCode, stderr } = await world.cli('start', 'migrate-secrets', '--yes');
  expect(exitCode, stderr).toBe(0);
  const id = /run (migrate-secrets-\S+)$/m.exec(stderr)?.[1] ?? '';
  const report = await world.report(world.client.workflow.getHandle(id));
  const rotation = rotationOf(report);
  expect(stderr).toContain(`runbook watch ${rotation.workflowId}`);
  expect(finding(report, 'not rotated: web-token')).toMatchObject({
    ok: false,
    value: expect.stringContaining('say under secrets.items.web-token.credential'),
  });

  const platform = parse(await world.platform.read('platform.yaml'));
  expect(platform.secrets.items['db-password']).toMatchObject({
    deliver: { db: { uid: 5432, takes: 'start' }, migrate: { uid: 0, takes: 'start' }, web: 5432 },
    credential: { service: 'db', type: 'role', account: { role: 'app', database: 'app' } },
  });
  const rotated = await world.report(rotation);
  expect(rotated).toMatchObject({ outcome: 'succeeded', reason: `migrated by ${id}` });
  expect(rotated.by).toBe(report.by);
  expect(finding(rotated, 'db-password@v1')?.value).toBe('refused: 28P01');
  expect(await notRotated(world)).toBeUndefined();
  expect(await answer(old)).toBe('28P01');
  const now = await readFile(
    join(world.platform.directory, '.secrets/delivered/db/db-password'),
    'utf8',
  );
  expect(await answer(now)).toBe('in');

  const values = new Map([
    ...(await secretValues(world.platform.directory)),
    ['the token', token] as const,
  ]);
  const told: (readonly [string, string])[] = [
    ...(await containerTexts(await world.platform.containers())),
    ...['migrate', 'rotate'].map((name) => [name, world.worker.output] as const),
    ['migration', await historyText(world.client.workflow.getHandle(id))],
    ['rotation', await historyText(rotation)],
  ];
  for (const file of ['.env', 'compose.yaml', 'platform.yaml'])
    told.push([file, await world.platform.read(file)]);
  expect(leaks(values, told)).toEqual([]);
});

test('a reset after its end, while its rotation works, takes nothing back under it', async () => {
  await unmigrated();
  const handle = await world.start('migrate-secrets');
  const { runId } = await handle.describe();
  const rotation = rotationOf(await world.report(handle));
  const tasks = await resetPoints(handle);
  const middle = tasks[Math.floor(tasks.length / 2)];
  if (middle === undefined) throw new Error('the run has no finished task');
  const again = await reset(world.client, { workflowId: handle.workflowId, runId }, middle);
  const report = await world.report(again);
  // It may find a service that the rotation restarts; the way back is refused then.
  const undone = report.steps.filter(({ status }) => status === 'undone').map(({ id }) => id);
  expect(undone).toEqual([]);
  expect(await world.report(rotation)).toMatchObject({ outcome: 'succeeded' });
  expect(await notRotated(world)).toBeUndefined();
});

test('the rotation asks for the approvals that it would ask for from a terminal', async () => {
  await unmigrated();
  await world.platform.edit('platform.yaml', (text) => text.replace('services:\n', approvals));
  const request = { meta: { by: 'ann' } };
  const report = await world.report(await world.start('migrate-secrets', request));
  expect(report).toMatchObject({ outcome: 'succeeded' });
  const rotation = rotationOf(report);
  const { gates = [], by } = await world.untilState(
    rotation,
    ({ state }) => state === 'waiting-for-approval',
    60_000,
  );
  expect({ by, gates }).toMatchObject({
    by: 'ann',
    gates: [{ id: 'start', status: 'open', approvers: ['bob'] }],
  });
  const order = { gate: 'start', digest: gates[0]?.plan.digest, why: 'read it' };
  const approve = (who: string) =>
    rotation.executeUpdate('approve', { args: [{ ...order, by: who }] });
  await expect(approve('ann')).rejects.toThrow();
  await approve('bob');
  expect(await world.report(rotation)).toMatchObject({ outcome: 'succeeded' });
});

test('without a name nobody could approve it, so it is not started, and what has moved stays', async () => {
  await unmigrated();
  await world.platform.edit('platform.yaml', (text) => text.replace('services:\n', approvals));
  const report = await world.report(await world.start('migrate-secrets'));
  expect(report).toMatchObject({
    ...{ outcome: 'failed', changed: true },
    error: {
      code: 'RB_STARTER_UNKNOWN',
      fix: expect.stringContaining('runbook start rotate-secrets --set secrets=db-password'),
    },
  });
  expect(report.steps.filter(({ status }) => /undo/.test(status))).toEqual([]);
  expect(await world.platform.read('.env')).not.toContain('DB_PASSWORD');
});
