import { expect, test } from 'vitest';
import { runIds } from '../../../src/client/complete/runs.ts';
import type { RunFilter, RunRow } from '../../../src/client/runs/api.ts';
import { row } from '../support/samples.ts';

/** A server that knows an open run and one that has ended. */
function server(answer: (rows: readonly RunRow[]) => Promise<readonly RunRow[]>) {
  const rows = [row({ run: 'open-1' }), row({ run: 'ended-1', open: false, state: 'succeeded' })];
  const list = (filter: RunFilter) =>
    answer(rows.filter(({ open }) => filter.open === undefined || filter.open === open));
  return async () => async () => ({ list });
}

const prompt = server(async (rows) => rows);
const ids = async (command: string, load = prompt) =>
  (await runIds(command, load)).map(({ value }) => value);

test('orders and looks are for open runs, a report for ended ones, logs for both', async () => {
  expect(await ids('stop')).toEqual(['open-1']);
  expect(await ids('watch')).toEqual(['open-1']);
  expect(await ids('report')).toEqual(['ended-1']);
  expect(await ids('logs')).toEqual(['open-1', 'ended-1']);
});

test('each says what it is', async () => {
  expect(await runIds('watch', prompt)).toEqual([
    { value: 'open-1', description: 'deploy on lab running' },
  ]);
});

test('a server that does not answer soon is not waited for', async () => {
  const started = performance.now();
  expect(
    await ids(
      'watch',
      server(() => new Promise(() => {})),
    ),
  ).toEqual([]);
  expect(performance.now() - started).toBeGreaterThan(250);
});

test('a server that is away is no error, before and after the patience is over', async () => {
  const away = (ms: number) =>
    server(() => new Promise((_, refuse) => setTimeout(() => refuse(new Error('away')), ms)));
  expect(await ids('watch', away(0))).toEqual([]);
  expect(await ids('watch', away(350))).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 100));
});
