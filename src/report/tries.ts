import type { StepRecord } from '../shared/run-state.ts';

type Tried = Pick<StepRecord, 'status' | 'tries' | 'error'>;

/** How often a step was tried: the record counts what failed, and without an error one try did not. */
export function triesOf({ tries, error }: Tried): number {
  return error === undefined ? tries + 1 : tries;
}

/** For a column: what was found in place, or only planned, was never tried. */
export function triesWords(step: Tried): string {
  if (step.status === 'in-place') return 'in place';
  const isUntried = step.status === 'would-change' || step.status === 'waiting';
  const isPlanned = step.status === 'skipped' && step.error === undefined;
  return isUntried || isPlanned ? '–' : String(triesOf(step));
}
