import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleRow } from '../../src/client/schedules/api.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { describeCredential, miniSecret, standing, storeOf } from '../support/mini-credential.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** What is due is rotated in the same way, whoever starts the run. */

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await describeCredential(world);
  await world.deployed();
});
afterAll(() => world?.close());

const file = () => world.platform.platformFile;

/** Has the value in force be older than it may be. */
async function due(): Promise<void> {
  const { labels } = await standing(world);
  const store = join(world.platform.directory, '.secrets/store', miniSecret);
  const longAgo = new Date(Date.now() - 91 * 24 * 3_600_000);
  await utimes(join(store, labels.current ?? ''), longAgo, longAgo);
}

/** Puts this schedule into the platform file, and when the platform may be changed. */
async function wanted(cron: string, open: string): Promise<void> {
  await world.platform.edit(
    'platform.yaml',
    (text) =>
      `${text.replace(/^(schedules|windows):.*\n/gm, '')}` +
      `schedules: { monthly: { runbook: rotate-secrets, cron: "${cron}" } }\n` +
      `windows: { timezone: UTC, open: [${open}] }\n`,
  );
  const applied = await world.cli('schedule', 'apply', file(), '--yes');
  expect(applied.exitCode, applied.stderr).toBe(0);
}

const always = '{ days: [mon, tue, wed, thu, fri, sat, sun] }';
/** A day that neither begins nor ends while this runs. */
const another = () => {
  const day = new Date(Date.now() + 3 * 86_400_000).toUTCString().slice(0, 3).toLowerCase();
  return `{ days: [${day}] }`;
};

const schedule = () => `${world.platform.name}/monthly`;

/** The run that the schedule has started, other than those before. */
async function fired(before: readonly string[], deadlineMs?: number): Promise<string> {
  return until(
    'the schedule has started a run',
    async () => {
      const { stdout } = await world.cli('schedule', 'show', schedule(), '-o', 'json');
      const { recent } = JSON.parse(stdout) as ScheduleRow;
      return recent.map(({ run }) => run).find((run) => !before.includes(run));
    },
    deadlineMs,
  );
}

const reportOf = (run: string) => world.report(world.client.workflow.getHandle(run));

/** How it stands after a rotation, and what it says of itself, without names of versions and figures. */
async function after(report: RunReport) {
  const { labels, delivered, values } = await standing(world);
  const { current = '', previous = '' } = labels;
  const nameless = (text: string) =>
    text
      .replaceAll(current, 'NEW')
      .replaceAll(previous, 'OLD')
      .replaceAll(/\d+(\.\d+)?/g, 'N');
  const owners = ['db', 'migrate', 'web'].map(async (consumer) => {
    const path = join(world.platform.directory, '.secrets/delivered', consumer, miniSecret);
    const { mode, uid } = await stat(path);
    return `${consumer} ${(mode & 0o7777).toString(8)} ${uid}`;
  });
  const events = await storeOf(world).journal(miniSecret);
  return {
    outcome: report.outcome,
    changed: report.changed,
    steps: report.steps.map(({ id, status }) => `${id} ${status}`),
    findings: report.findings.map(({ name, value, ok }) => nameless(`${name}: ${value} ${ok}`)),
    step: Number(current.slice(1)) - Number(previous.slice(1)),
    labels: Object.keys(labels),
    versions: values.map(nameless),
    delivered,
    owners: await Promise.all(owners),
    journal: events
      .filter(({ run }) => run === report.run)
      .map(({ version, event }) => nameless(`${version} ${event}`)),
    starts: Object.keys(await world.platform.effects()).sort(),
  };
}

let byHand: Awaited<ReturnType<typeof after>>;

test('the CLI and the form of the UI rotate what is due, and come to the same', async () => {
  await wanted('0 3 1 1 *', always);
  await due();
  const { exitCode, stderr } = await world.cli(
    'start',
    'rotate-secrets',
    '--yes',
    '--id',
    'by-cli',
  );
  expect(exitCode, stderr).toBe(0);
  byHand = await after(await reportOf('by-cli'));
  expect(byHand).toMatchObject({ outcome: 'succeeded', changed: true, step: 1, delivered: true });
  expect(byHand.journal).toContain('OLD refused');

  await due();
  expect(await after(await world.report(await world.start('rotate-secrets')))).toEqual(byHand);
});

test('its schedule, by the clock of the server, does the same once, and nothing where nothing is due', async () => {
  await due();
  const starts = (await world.platform.effects()).web ?? 0;
  await wanted('* * * * *', always);
  const first = await fired([], 90_000);
  const report = await reportOf(first);
  expect(report).toMatchObject({ trigger: 'schedule', by: schedule() });
  expect(report.scheduledFor).toMatch(/:00\.000Z$/);
  expect(await after(report)).toEqual(byHand);
  expect((await world.platform.effects()).web).toBe(starts + 1);

  const before = await standing(world);
  const triggered = await world.cli('schedule', 'trigger', schedule(), '--why', 'try it');
  expect(triggered.exitCode, triggered.stderr).toBe(0);
  const second = await reportOf(await fired([first]));
  expect(second).toMatchObject({ outcome: 'succeeded', changed: false, trigger: 'schedule' });
  expect(await standing(world)).toEqual(before);
}, 180_000);

test('outside of the windows it is blocked, and says so', async () => {
  await due();
  await wanted('0 3 1 1 *', another());
  const before = await standing(world);
  const { stdout } = await world.cli('schedule', 'show', schedule(), '-o', 'json');
  const known = (JSON.parse(stdout) as ScheduleRow).recent.map(({ run }) => run);
  await world.cli('schedule', 'trigger', schedule(), '--why', 'try it');
  const run = await fired(known);
  const report = await reportOf(run);
  expect(report).toMatchObject({
    ...{ outcome: 'blocked', changed: false, trigger: 'schedule', steps: [] },
    error: { code: 'RB_OUTSIDE_WINDOW' },
  });
  expect(await standing(world)).toEqual(before);
  const history = JSON.parse((await world.cli('history', '-o', 'json')).stdout) as unknown[];
  expect(history).toContainEqual(expect.objectContaining({ run, state: 'blocked' }));
});
