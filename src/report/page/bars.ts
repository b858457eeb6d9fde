import type { RunReport } from '../../shared/report.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import { statusWords, type Tone } from '../words.ts';
import type { TimeScale } from './time-scale.ts';

/** A stretch of a step's row, in percent. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** Nothing runs: a person's decision is awaited. */
  readonly waiting: boolean;
}

/** A step's own time, and what it then waited for a person, until the decision or the end. */
export function bars(step: StepRecord, report: RunReport, scale: TimeScale): readonly Bar[] {
  const from = scale.percent(step.startedAt);
  if (from === undefined) return [];
  const { tone } = statusWords[step.status];
  const parked = step.status === 'parked';
  const end = scale.percent(step.endedAt);
  if (end === undefined) return [{ from, to: 100, tone, waiting: parked }];
  const decided = report.decisions
    .filter((decision) => decision.step === step.id)
    .map(({ at }) => scale.percent(at) ?? 0);
  const until = Math.max(end, ...decided, parked ? 100 : 0);
  const own = { from, to: Math.max(from, end), tone, waiting: false };
  return until > end ? [own, { from: own.to, to: until, tone, waiting: true }] : [own];
}
