import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../tests/support/until.ts';
import { type BenchWorld, inBenchWorld } from '../bench-world.ts';
import { type Figure, median, quantile, type Row, shown, timeMs } from '../measure.ts';

const stepsBefore = 5;
const batch = 50;
/** A worker keeps 200 workflows; from here on more runs must not need more memory. */
const full = 300;
const queries = 100;

/** Runs that wait for a person cost one worker no memory, and still say where they stand. */
export const parked: Row = {
  name: 'parked',
  what: '1,000 parked runs on one worker',
  measure: (quick) =>
    inBenchWorld(async (world) => {
      const [some, many] = quick ? [30, 60] : [full, 1000];
      const runs = await park(world, some, []);
      const before = await restingMiB(world);
      await park(world, many, runs);
      const after = await restingMiB(world);
      const tookMs: number[] = [];
      for (let n = 0; n < (quick ? 20 : queries); n += 1) {
        const run = runs[Math.floor((n * runs.length) / queries)] ?? '';
        tookMs.push(await timeMs(() => world.client.workflow.getHandle(run).query('state')));
      }
      return [
        {
          what: `${many} parked runs, memory of the worker`,
          value: after / before,
          unit: 'x',
          budget: { atMost: 1.1 },
          detail: `${after.toFixed(0)} MiB, ${before.toFixed(0)} MiB with ${some} parked runs`,
        },
        {
          what: `${many} parked runs, state query, p50`,
          value: median(tookMs),
          unit: 'ms',
          budget: { atMost: 50 },
          detail: `p95 ${shown(quantile(tookMs, 0.95))}; most runs are replayed for it`,
        },
      ] satisfies Figure[];
    }),
};

/** Starts runs until so many are parked, a batch at a time. */
async function park(world: BenchWorld, total: number, runs: string[]): Promise<string[]> {
  while (runs.length < total) {
    const count = Math.min(batch, total - runs.length);
    runs.push(...(await Promise.all(Array.from({ length: count }, () => world.park(stepsBefore)))));
    await until(
      `${runs.length} runs are parked`,
      async () => (await parkedRuns(world)) === runs.length,
      60_000,
    );
  }
  return runs;
}

async function parkedRuns({ client }: BenchWorld): Promise<number> {
  return (await client.workflow.count('RunbookState = "parked"')).count;
}

/** The least of some seconds: what garbage collection leaves. */
async function restingMiB(world: BenchWorld): Promise<number> {
  const seen: number[] = [];
  for (let second = 0; second < 5; second += 1) {
    await delay(1000);
    seen.push(await world.workerMiB());
  }
  return Math.min(...seen);
}
