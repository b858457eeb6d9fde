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

/** A step's own time, what it then waited for a person, and its own time again after the decision. */
export function bars(step: StepRecord, report: RunReport, scale: TimeScale): readonly Bar[] {
  const from = scale.percent(step.startedAt);
  if (from === undefined) return [];
  const { tone } = statusWords[step.status];
  const end = scale.percent(step.endedAt) ?? 100;
  const parkedAt = scale.percent(step.parkedAt);
  if (parkedAt === undefined) return [{ from, to: Math.max(from, end), tone, waiting: false }];
  const decision = report.decisions.find(
    ({ step: about, at }) => about === step.id && at >= (step.parkedAt ?? ''),
  );
  const decidedAt = scale.percent(decision?.at) ?? end;
  const pieces: readonly Bar[] = [
    { from, to: parkedAt, tone, waiting: false },
    { from: parkedAt, to: decidedAt, tone, waiting: true },
    { from: decidedAt, to: end, tone, waiting: false },
  ];
  return pieces.filter((piece) => piece.to > piece.from);
}
