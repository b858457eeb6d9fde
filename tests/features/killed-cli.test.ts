import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());

const runbook = join(import.meta.dirname, '../../bin/runbook');
const frameOf = async (run: string) => (await world.cli('status', run)).stdout;
/** The clock of a frame goes on; everything else of it is the run's. */
const withoutTimes = (frame: string) => frame.replaceAll(/\s+\d[\d.]* (ms|s|min)( \d+ s)?/g, '');

test('a run outlives the command that started it, and every later one shows the same', async () => {
  const env = { TEMPORAL_ADDRESS: world.server.address, RUNBOOK_STATE_DIR: world.stateDirectory };
  const starting = execa(runbook, ['start', 'deploy', '--yes', '--id', 'killed'], {
    ...{ env, reject: false, stdin: 'ignore', detached: true },
  });
  const handle = world.client.workflow.getHandle('killed');
  await until(
    'the run goes on',
    async () => (await handle.describe()).status.name === 'RUNNING',
    30_000,
  );
  if (starting.pid !== undefined) process.kill(-starting.pid, 'SIGKILL');
  expect((await starting).isTerminated).toBe(true);
  const { exitCode, stderr } = await world.cli('watch', 'killed');
  expect(stderr).toContain('Succeeded in');
  expect(exitCode).toBe(0);
  const first = await frameOf('killed');
  expect(first).toMatch(/^deploy on \S+ {2}succeeded/);
  expect(withoutTimes(await frameOf('killed'))).toBe(withoutTimes(first));
  expect((await world.cli('watch', 'killed')).exitCode).toBe(0);
}, 120_000);
