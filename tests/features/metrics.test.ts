import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
let address: string;
beforeAll(async () => {
  address = `127.0.0.1:${await freePort()}`;
  world = await World.open({ platform: 'mini', workerEnv: { RUNBOOK_METRICS_ADDRESS: address } });
});
afterAll(() => world.close());

/** The values of a metric whose labels have all of these. */
async function values(name: string, labels: Record<string, string>): Promise<number[]> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .filter((line) =>
      Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)),
    )
    .map((line) => Number(line.split(' ').at(-1)));
}

test('a deploy is counted: its steps, its wait for the lock, its end', async () => {
  await world.deployed();
  const mine = { runbook: 'deploy', platform: world.platform.name };
  expect(await values('runbook_runs_ended_total', { ...mine, outcome: 'succeeded' })).toEqual([1]);
  const [steps = 0] = await values('runbook_step_seconds_count', {
    ...mine,
    status: 'done',
    risk: 'reversible',
  });
  expect(steps).toBeGreaterThan(4);
  expect(await values('runbook_lock_wait_seconds_count', mine)).toEqual([1]);
});

test('a parked run is seen, with how long it waits', async () => {
  await world.platform.edit('Dockerfile', (text) => `${text}\nRUN exit 7\n`);
  const run = await world.start('deploy', { options: { onFailure: 'park' } });
  await world.untilState(run, ({ state }) => state === 'parked', 120_000);
  const mine = { runbook: 'deploy', platform: world.platform.name };
  await until(
    'the next look has seen it',
    async () => ((await values('runbook_oldest_park_seconds', mine))[0] ?? 0) > 0,
    40_000,
  );
  expect(await values('runbook_open_runs', { ...mine, state: 'parked' })).toEqual([1]);
  await run.executeUpdate('stop', { args: [{ mode: 'undo', by: 'test', why: 'seen' }] });
});
