import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listSchedules, orderSchedule, showSchedule } from '../../src/client/commands/schedule.ts';
import type { Runs } from '../../src/client/runs/api.ts';
import { connectRuns } from '../../src/client/runs/temporal.ts';
import { applyChanges, scheduleChanges } from '../../src/client/schedules/apply.ts';
import { taskQueue } from '../../src/shared/messages.ts';
import { PlatformFileSchema } from '../../src/shared/platform-file.ts';
import { recordSession } from '../client/support/recorder.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
let runs: Runs;
beforeAll(async () => {
  world = await ToyWorld.open();
  runs = await connectRuns({ address: world.server.address }, world.env);
});
afterAll(async () => {
  await runs.close();
  await world.close();
});
beforeEach(() => world.reset());

const platform = (schedules: string) =>
  PlatformFileSchema.parse(
    parse(`schema: runbook.platform/v1
name: toy
compose: { project: toy }
services: { db: { kind: postgres } }
schedules: ${schedules}`),
  );

/** Applies this text and says what that did. */
async function apply(schedules: string): Promise<string[]> {
  const changes = await until('the list of the server is up to date', async () => {
    const found = await scheduleChanges([platform(schedules)], runs.schedules);
    const listed = (await runs.schedules.list('toy')).length;
    const known = found.filter(({ action }) => action !== 'create').length;
    return listed === known && listed >= expected && found;
  });
  await applyChanges(changes, runs.schedules);
  expected = changes.filter(({ action }) => action !== 'delete').length;
  return changes.map(({ action }) => action);
}
let expected = 0;

const nightly = '{ runbook: two-steps, cron: 30 2 * * *, timezone: Europe/Berlin }';

test('applying a file creates, leaves alone, changes and takes away', async () => {
  expect(await apply(`{ nightly: ${nightly} }`)).toEqual(['create']);
  expect(await apply(`{ nightly: ${nightly} }`)).toEqual(['unchanged']);
  const later = nightly.replace('30 2', '45 2');
  expect(await apply(`{ nightly: ${later}, other: ${nightly} }`)).toEqual(['update', 'create']);
  const next = (await runs.schedules.find('toy/nightly')).next[0] ?? '';
  expect(new Date(next).getUTCMinutes()).toBe(45);
  expect(await apply('{}')).toEqual(['delete', 'delete']);
});

test('a schedule that something else made stays', async () => {
  const foreign = await world.client.schedule.create({
    scheduleId: 'toy/by-hand',
    spec: { cronExpressions: ['0 3 * * *'] },
    action: { type: 'startWorkflow', workflowType: 'two-steps', taskQueue, args: [{}] },
  });
  const changes = await until('it is listed', async () => {
    const { length } = await runs.schedules.list('toy');
    return length > 0 && scheduleChanges([platform('{}')], runs.schedules);
  });
  expect(changes).toEqual([]);
  await foreign.delete();
  await until('it is gone', async () => (await runs.schedules.list('toy')).length === 0);
});

test('a paused schedule stays paused when its text changes', async () => {
  await apply(`{ nightly: ${nightly} }`);
  const { session } = recordSession({ runs });
  await orderSchedule({ id: 'toy/nightly', order: 'pause', why: 'holidays' }, session);
  await apply(`{ nightly: ${nightly.replace('30 2', '0 4')} }`);
  const row = await runs.schedules.find('toy/nightly');
  expect(row).toMatchObject({ paused: true, note: expect.stringMatching(/^holidays \(.+\)$/) });
  await orderSchedule({ id: 'toy/nightly', order: 'resume', why: 'back' }, session);
  expect((await runs.schedules.find('toy/nightly')).paused).toBe(false);
  await apply('{}');
});

test('show tells what became of the latest starts, and list how many were skipped', async () => {
  const go = Promise.withResolvers<void>();
  world.on('one', 'act', () => go.promise);
  await apply(`{ busy: { runbook: two-steps, cron: "* * * * *", timezone: America/New_York } }`);
  const { session } = recordSession({ runs });
  await orderSchedule({ id: 'toy/busy', order: 'trigger', why: 'try it' }, session);
  const run = await until('its run goes on', async () => {
    const { recent } = await runs.schedules.find('toy/busy');
    return recent[0]?.run;
  });
  // What the clock would do while that run goes on, at once.
  const end = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000);
  const start = new Date(end.getTime() - 120_000);
  const overlap = ScheduleOverlapPolicy.SKIP;
  await world.client.schedule.getHandle('toy/busy').backfill({ start, end, overlap });
  await until('the skipped ones are counted', async () => {
    const { skipped } = await runs.schedules.find('toy/busy');
    return skipped >= 2;
  });
  const { session: looking, stdout } = recordSession({ runs });
  await listSchedules({}, looking);
  expect(stdout.text).toMatch(/^toy\/busy +active +2 +0 +[23] +20.+ America\/New_York$/m);
  go.resolve();
  await world.report(world.client.workflow.getHandle(run));
  const { session: showing, stdout: shown } = recordSession({ runs });
  await showSchedule({ id: 'toy/busy' }, showing);
  expect(shown.text).toMatch(new RegExp(`^${run} +succeeded`, 'm'));
  await apply('{}');
});

test('two schedules of one runbook that fire at once start a run each', async () => {
  await apply(`{ one: ${nightly}, two: ${nightly} }`);
  const ids = ['toy/one', 'toy/two'];
  await Promise.all(ids.map((id) => runs.schedules.trigger(id)));
  const started = await until('both have started a run', async () => {
    const rows = await Promise.all(ids.map((id) => runs.schedules.find(id)));
    const found = rows.flatMap(({ recent }) => recent.map(({ run }) => run));
    return found.length === ids.length && found;
  });
  for (const run of started) await world.report(world.client.workflow.getHandle(run));
  await apply('{}');
});

test('a schedule that is not there is named', async () => {
  const { session } = recordSession({ runs });
  for (const order of ['pause', 'resume', 'trigger', 'delete'] as const) {
    const ordering = orderSchedule({ id: 'toy/nowhere', order, why: 'x' }, session);
    await expect(ordering).rejects.toMatchObject({ code: 'RB_SCHEDULE_UNKNOWN' });
  }
});
