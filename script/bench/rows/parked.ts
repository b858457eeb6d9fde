import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../tests/support/until.ts';
import { type BenchWorld, inBenchWorld } from '../bench-world.ts';
import { type Figure, median, quantile, type Row, shown, timeMs } from '../measure.ts';

const stepsBefore = 5;
const batch = 50;
/** A worker keeps 200 workflows, and its garbage grows for some time: by 1,000 runs both have come to rest. */
const counts = [300, 1000, 1300] as const;
const queries = 100;

/** Runs that wait for a person cost one worker no memory, and still say where they stand. */
export const parked: Row = {
  name: 'parked',
  what: '1,000 parked runs on one worker',
  measure: (quick) =>
    inBenchWorld(async (world) => {
      const runs: string[] = [];
      const mib: number[] = [];
      const sizes = counts.map((count) => (quick ? count / 20 : count));
      for (const size of sizes) {
        await park(world, size, runs);
        mib.push(await restingMiB(world));
      }
      const [few = Number.NaN, many = Number.NaN, more = Number.NaN] = mib;
      const tookMs: number[] = [];
      for (let n = 0; n < (quick ? 20 : queries); n += 1) {
        const run = runs[Math.floor((n * runs.length) / queries)] ?? '';
        tookMs.push(await timeMs(() => world.client.workflow.getHandle(run).query('state')));
      }
      return [
        {
          what: `${sizes[1]} parked runs, and then ${sizes[2]}: memory of the worker`,
          value: more / many,
          unit: 'x',
          budget: { atMost: 1.1 },
          detail: `${more.toFixed(0)} MiB against ${many.toFixed(0)} MiB; ${few.toFixed(0)} MiB with ${sizes[0]} runs`,
        },
        {
          what: `${sizes[2]} parked runs, state query, p50`,
          value: median(tookMs),
          unit: 'ms',
          budget: { atMost: 50 },
          detail: `p95 ${shown(quantile(tookMs, 0.95))}; most runs are replayed for it`,
        },
      ] satisfies Figure[];
    }),
};

/** Starts runs until so many are parked, a batch at a time. */
async function park(world: BenchWorld, total: number, runs: string[]): Promise<void> {
  while (runs.length < total) {
    const count = Math.min(batch, total - runs.length);
    runs.push(...(await Promise.all(Array.from({ length: count }, () => world.park(stepsBefore)))));
    await until(
      `${runs.length} runs are parked`,
      async () => (await parkedRuns(world)) === runs.length,
      60_000,
    );
  }
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
