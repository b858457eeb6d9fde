import type { ProbeVerdict, StepRecord } from '../../shared/run-state.ts';

/** What a probe's verdict says of its step to people. A change that cannot be taken back is shown as one that stays. */
export function wordsOf(verdict: ProbeVerdict): Partial<StepRecord> {
  const { now, change, details, cannotUndo } = verdict;
  const words = [change, cannotUndo].filter((part) => part !== undefined).join('; ');
  return {
    now,
    ...(words === '' ? {} : { change: words }),
    ...(details === undefined ? {} : { details }),
    ...(cannotUndo === undefined ? {} : { undo: 'keeps' as const }),
  };
}
