import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleRow } from '../../src/client/schedules/api.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
  await world.deployed();
});
afterAll(() => world.close());

test('a schedule in the platform file starts runs by itself, which say what started them', async () => {
  await wanted('nightly: { runbook: verify-platform, cron: 30 2 * * * }');
  const file = `${world.platform.directory}/platform.yaml`;
  const name = `${world.platform.name}/nightly`;
  expect((await world.cli('schedule', 'apply', file)).exitCode).toBe(4);
  const applied = await world.cli('schedule', 'apply', file, '--yes');
  expect(applied.stdout).toMatch(
    /^\+ create .+\/nightly {2}verify-platform at 30 2 \* \* \* UTC$/m,
  );
  await world.cli('schedule', 'trigger', name, '--why', 'try it');
  const { run } = await until('it has started a run', async () => {
    const { stdout } = await world.cli('schedule', 'show', name, '-o', 'json');
    return (JSON.parse(stdout) as ScheduleRow).recent[0];
  });
  const report = await world.report(world.client.workflow.getHandle(run));
  expect(report).toMatchObject({
    outcome: 'succeeded',
    trigger: 'schedule',
    by: name,
    onFailure: 'abort',
  });
  const shown = await world.cli('schedule', 'show', name);
  expect(shown.stdout).toContain(`${run}`);
  expect((await world.cli('schedule', 'delete', name, '--why', 'done')).exitCode).toBe(0);
});

test('after an absence of the server one start is made up for, and one that is too late is counted as missed', async () => {
  const every = 'runbook: verify-platform, cron: "* * * * *"';
  await wanted(`strict: { ${every}, catchUp: 10s }`, `patient: { ${every}, catchUp: 5m }`);
  const file = `${world.platform.directory}/platform.yaml`;
  // Else two minutes are overdue: the first is made up for, and the second skipped because that one runs.
  const isEarly = async () => Date.now() % 60_000 < 45_000;
  await until('there is time to apply before the next minute', isEarly, 20_000);
  const due = Math.ceil(Date.now() / 60_000) * 60_000;
  expect((await world.cli('schedule', 'apply', file, '--yes')).exitCode).toBe(0);
  await world.server.kill();
  await until(
    'a start is overdue by more than the catch-up',
    async () => Date.now() > due + 12_000,
    90_000,
  );
  await world.server.startAgain();
  const info = async (name: string) =>
    (await world.client.schedule.getHandle(`${world.platform.name}/${name}`).describe()).info;
  await until(
    'the strict one has missed it',
    async () => {
      return (await info('strict')).numActionsMissedCatchupWindow >= 1;
    },
    60_000,
  );
  const run = await until(
    'the patient one has started late',
    async () => {
      const { recentActions } = await info('patient');
      const late = recentActions.find(({ scheduledAt }) => scheduledAt.getTime() === due);
      return late?.action.workflow.workflowId;
      // A task that was under way when the server died has to run out of time first.
    },
    60_000,
  );
  const report = await world.report(world.client.workflow.getHandle(run));
  expect(report.scheduledFor).toBe(new Date(due).toISOString());
  expect(Date.parse(report.startedAt) - due).toBeGreaterThan(10_000);
  const shown = await world.cli('schedule', 'show', `${world.platform.name}/patient`);
  expect(shown.stdout).toMatch(new RegExp(`^${run} +[a-z]+ +[\\d.]+ (s|min)`, 'm'));
  await wanted();
  expect((await world.cli('schedule', 'apply', file, '--yes')).exitCode).toBe(0);
}, 240_000);

/** Puts these schedules, and no others, into the platform file. */
const wanted = (...schedules: readonly string[]) =>
  world.platform.edit('platform.yaml', (text) =>
    text
      .replace(/^schedules:.*\n/m, '')
      .replace(/^services:\n/m, `schedules: { ${schedules.join(', ')} }\nservices:\n`),
  );
