import { inBenchWorld } from '../bench-world.ts';
import {
  compared,
  costOfOneMore,
  type Figure,
  median,
  type Row,
  shown,
  sideBySide,
} from '../measure.ts';

const nowMs = () => performance.timeOrigin + performance.now();

/** What a run and its steps cost beside what the SDK alone needs, with activities that do nothing. */
export const engine: Row = {
  name: 'engine',
  what: 'first activity, a step, events',
  measure: (quick) =>
    inBenchWorld(async (world) => {
      const rounds = quick ? 2 : 8;
      await world.steps('full-steps', 20);
      await world.bare(20);
      const first = await sideBySide(
        quick ? 5 : 40,
        async () => {
          const startedMs = nowMs();
          const { params } = await world.steps('act-only', 0);
          return Number(params.resolvedMs) - startedMs;
        },
        async () => {
          const startedMs = nowMs();
          const [beganMs = Number.NaN] = await world.bare(1);
          return beganMs - startedMs;
        },
      );
      const act = await sideBySide(
        rounds,
        () => costOfOneMore((n) => world.steps('act-only', n)),
        () => costOfOneMore((n) => world.bare(n)),
      );
      const full = await sideBySide(
        rounds,
        () => costOfOneMore((n) => world.steps('full-steps', n)),
        () => costOfOneMore((n) => world.bare(3 * n)),
      );
      const [few, many] = [await world.steps('full-steps', 5), await world.steps('full-steps', 25)];
      const events = (await world.eventsOf(many.run)) - (await world.eventsOf(few.run));
      return [
        {
          what: 'start to first activity, p50',
          value: median(first.ours),
          unit: 'ms',
          budget: { atMost: 25 },
          detail: `${shown(median(first.theirs))} with a bare workflow`,
        },
        compared('a step with only an act', 'a bare activity', act, 1.5),
        compared('a full step (probe, act, verify)', 'three bare activities', full, 1.5),
        {
          what: 'events that a full step adds to the history',
          value: events / 20,
          unit: 'events',
          budget: { atMost: 20 },
          detail: '3 an activity, 3 a workflow task, 1 for search attributes',
        },
      ] satisfies Figure[];
    }),
};
