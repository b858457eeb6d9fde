import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunReport } from '../../src/shared/report.ts';
import { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open({ platform: 'mini' });
});
afterAll(() => world.close());

async function planned(): Promise<string> {
  const { stdout } = await world.cli('start', 'deploy', '--plan', '-o', 'json');
  return (JSON.parse(stdout) as RunReport).approvedPlan?.digest ?? '';
}

const labelled = (value: string) =>
  world.platform.edit('compose.yaml', (text) =>
    text.replace(
      /command: \[web\](\n +labels: .*)?/,
      `command: [web]\n    labels: { x: "${value}" }`,
    ),
  );

test('an approval is bound to what the files say, also where the plan has the same words', async () => {
  const first = await planned();
  expect(await planned()).toBe(first);
  await world.deployed();
  const unchanged = await planned();
  await labelled('6');
  const six = await planned();
  await labelled('7');
  expect(await planned()).not.toBe(six);
  await labelled('6');
  expect(await planned()).toBe(six);
  expect(new Set([first, unchanged, six]).size).toBe(3);
});

test('a plan file starts what was planned, and is refused once something has moved', async () => {
  await world.fresh();
  const file = join(world.stateDirectory, 'plan.json');
  expect((await world.cli('start', 'deploy', '--plan-out', file)).exitCode).toBe(0);
  const applied = await world.cli('start', '--plan-file', file, '-o', 'json');
  expect(applied.exitCode).toBe(0);
  const { approvedPlan } = JSON.parse(applied.stdout) as RunReport;
  const planned = JSON.parse(await readFile(file, 'utf8')) as RunReport;
  expect(approvedPlan?.digest).toBe(planned.approvedPlan?.digest);
  const again = await world.cli('start', '--plan-file', file);
  expect(again.stderr).toContain('RB_PLAN_DRIFT');
  expect(again.exitCode).toBe(4);
});
