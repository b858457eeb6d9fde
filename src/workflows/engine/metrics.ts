import { metricMeter, workflowInfo } from '@temporalio/workflow';
import type { Outcome, StepRecord } from '../../shared/run-state.ts';

/** Nothing is recorded while a history is replayed, so each event counts once. */
const stepSeconds = metricMeter.createHistogram(
  'runbook_step_seconds',
  'float',
  's',
  'How long a step took, with its tries and pauses',
);
const stepTries = metricMeter.createCounter(
  'runbook_step_failed_tries',
  undefined,
  'Tries of steps that failed',
);
const stepLosses = metricMeter.createCounter(
  'runbook_step_lost_attempts',
  undefined,
  'Attempts of steps whose end nobody saw',
);
const lockSeconds = metricMeter.createHistogram(
  'runbook_lock_wait_seconds',
  'float',
  's',
  'How long a run waited for its locks',
);
const runsEnded = metricMeter.createCounter(
  'runbook_runs_ended',
  undefined,
  'Runs that came to an end',
);
const runsParked = metricMeter.createCounter(
  'runbook_runs_parked',
  undefined,
  'Times that a run began to wait for a decision',
);

interface RunFacts {
  readonly platform: string;
}

const tags = ({ platform }: RunFacts) => ({ runbook: workflowInfo().workflowType, platform });

export function countStep(
  run: RunFacts,
  { status, startedAt, tries, lost, risk }: StepRecord,
): void {
  const labels = { ...tags(run), status, risk };
  stepSeconds.record(secondsSince(startedAt), labels);
  if (tries > 0) stepTries.add(tries, labels);
  if (lost > 0) stepLosses.add(lost, labels);
}

export function countLockWait(run: RunFacts, sinceIso: string): void {
  lockSeconds.record(secondsSince(sinceIso), tags(run));
}

export const countPark = (run: RunFacts): void => runsParked.add(1, tags(run));

export const countEnd = (run: RunFacts, outcome: Outcome): void =>
  runsEnded.add(1, { ...tags(run), outcome });

/** By the workflow's clock. */
const secondsSince = (iso: string) => Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
