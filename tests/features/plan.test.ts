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
