import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { type ErrorFacts, errorFacts, type Retry, RunbookError } from '../../shared/errors.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';

/** What the activity interceptor puts into a failure's details. */
export interface FailureDetails {
  readonly facts: ErrorFacts;
  readonly outputTail: string;
}

/**
 * An attempt that did not end well. `lost` means that its end was not seen (worker death, time-out, shutdown):
 * it is not a try, because nobody knows yet whether its effect landed.
 */
export type AttemptFailure =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'lost'; readonly facts: ErrorFacts }
  | {
      readonly kind: 'failed';
      readonly facts: ErrorFacts;
      readonly retry: Retry;
      readonly outputTail: string;
    };

/** Failure types by which the host says that the attempt was taken away from it. */
const lostTypes = new Set(['RB_WORKER_SHUTDOWN', 'RB_FENCED', 'RB_OLD_ATTEMPT_ALIVE']);

export function classifyFailure(error: unknown): AttemptFailure {
  if (error instanceof StepProblem) {
    return { kind: 'failed', facts: error.facts, retry: error.retry, outputTail: '' };
  }
  if (error instanceof RunbookError) {
    return { kind: 'failed', facts: errorFacts(error), retry: error.retry, outputTail: '' };
  }
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    return { kind: 'lost', facts: { code: 'RB_ATTEMPT_LOST', what: lostWords(cause) } };
  }
  if (cause instanceof ApplicationFailure) return classifyApplicationFailure(cause);
  if (isCancellation(error) || cause instanceof CancelledFailure) return { kind: 'cancelled' };
  throw error;
}

function classifyApplicationFailure(failure: ApplicationFailure): AttemptFailure {
  const [details] = (failure.details ?? []) as [FailureDetails?];
  const facts = details?.facts ?? {
    code: failure.type ?? 'RB_UNEXPECTED',
    what: failure.message,
  };
  if (lostTypes.has(facts.code)) return { kind: 'lost', facts };
  const retry: Retry = failure.nonRetryable ? 'never' : 'maybe';
  return { kind: 'failed', facts, retry, outputTail: details?.outputTail ?? '' };
}

function lostWords(timeout: TimeoutFailure): string {
  return timeout.timeoutType === 'HEARTBEAT'
    ? 'the worker stopped answering during the attempt'
    : `the attempt did not end in its time (${timeout.timeoutType})`;
}

/** A step's failure that the workflow itself has found. */
export class StepProblem extends Error {
  readonly facts: ErrorFacts;
  readonly retry: Retry;

  constructor(code: string, what: string, retry: Retry) {
    super(what);
    this.name = 'StepProblem';
    this.facts = { code, what };
    this.retry = retry;
  }
}

/** For a verify that asks the probe again: what the act was to bring must be there now. */
export function requireInPlace(verdict: ProbeVerdict): void {
  if (verdict.state === 'in-place') return;
  throw new StepProblem('RB_NOT_IN_PLACE', `after the act: ${verdict.now}`, 'maybe');
}

/** Ends a run's body: the step that failed, and whether what was done before is undone. */
export class StepFailed extends Error {
  readonly step: string;
  readonly facts: ErrorFacts;
  readonly next: 'undo' | 'abort';

  constructor(step: string, facts: ErrorFacts, next: 'undo' | 'abort') {
    super(facts.what);
    this.name = 'StepFailed';
    this.step = step;
    this.facts = facts;
    this.next = next;
  }
}
