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
  const nightly =
    'schedules:\n  nightly: { runbook: verify-platform, cron: 30 2 * * * }\nservices:\n';
  await world.platform.edit('platform.yaml', (text) => text.replace('services:\n', nightly));
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
