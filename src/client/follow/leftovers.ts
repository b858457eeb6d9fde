import type { RunState, StepRecord, StepStatus } from '../../shared/run-state.ts';
import { isFinal } from '../render/words.ts';
import type { RunRow } from '../runs/api.ts';

/** What a gone run left, by what a sweep makes of it. */
export interface Leftovers {
  readonly row: RunRow;
  /** Newest first, as they are undone. */
  readonly undo: readonly StepRecord[];
  readonly keeps: readonly StepRecord[];
  readonly stuck: readonly StepRecord[];
}

/** Nothing was done, or it is back already. */
const settled: ReadonlySet<StepStatus> = new Set(['in-place', 'skipped', 'undone', 'would-change']);

/** From what the run knew when it was ended. A plan, and a run that had come to its end, left nothing to undo. */
export function leftoversOf(row: RunRow, { plan, state, steps }: RunState): Leftovers {
  const isOver = plan || state === 'planning' || isFinal(state);
  const begun = isOver
    ? []
    : steps.filter(({ risk, status }) => risk !== 'read' && !settled.has(status)).reverse();
  const those = (undo: StepRecord['undo']) => begun.filter((step) => step.undo === undo);
  return { row, undo: those('undo'), keeps: those('keeps'), stuck: those('none') };
}
