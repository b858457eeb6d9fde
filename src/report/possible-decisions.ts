import type { DecisionAction, RunState, StepStatus } from '../shared/run-state.ts';

/** Nothing was done there, so there is nothing to undo. */
const untouched: ReadonlySet<StepStatus> = new Set(['in-place', 'would-change', 'waiting']);

/** What can be decided about a parked step of this run: an offer that does nothing helps nobody at night. */
export function possibleDecisions({
  steps,
  approvals,
}: Pick<RunState, 'steps' | 'approvals'>): readonly DecisionAction[] {
  const canUndo = steps.some(({ undo, status }) => undo === 'undo' && !untouched.has(status));
  const isNeeded = steps.some(({ needed, status }) => needed && status === 'parked');
  return [
    'retry',
    // Parameters that were approved at a gate cannot be edited.
    ...(approvals === undefined ? (['retry-with'] as const) : []),
    ...(isNeeded ? [] : (['skip'] as const)),
    ...(canUndo ? (['undo'] as const) : []),
    'abort',
  ];
}
