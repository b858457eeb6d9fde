import { type BenchWorld, inBenchWorld } from '../bench-world.ts';
import { type Figure, median, type Row, shown, sideBySide, timeMs } from '../measure.ts';

const steps = 20;

/** Many runs at once, each on a platform of its own, against as many bare workflows. */
export const throughput: Row = {
  name: 'throughput',
  what: '200 runs of 20 steps at once',
  measure: (quick) =>
    inBenchWorld(async (world) => {
      const runs = quick ? 20 : 200;
      await atOnce(10, () => world.steps('act-only', steps));
      const { ours, theirs } = await sideBySide(
        quick ? 1 : 3,
        () => timeMs(() => atOnce(runs, () => world.steps('act-only', steps))),
        () => timeMs(() => atOnce(runs, () => world.bare(steps))),
      );
      const perSecond = (ms: number) => Math.round((runs * steps * 1000) / ms);
      return [
        {
          what: `${runs} runs of ${steps} act-only steps, throughput`,
          value: median(theirs) / median(ours),
          unit: 'x',
          budget: { atLeast: 0.7 },
          detail: `${shown(median(ours))} (${perSecond(median(ours))} steps/s) against ${shown(median(theirs))} (${perSecond(median(theirs))} activities/s) of the bare SDK`,
        },
      ] satisfies Figure[];
    }),
};

const atOnce = (count: number, work: () => ReturnType<BenchWorld['steps' | 'bare']>) =>
  Promise.all(Array.from({ length: count }, work));
