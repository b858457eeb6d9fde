import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { shellWord } from '../../report/markdown-text.ts';
import {
  type ErrorFacts,
  errorFacts,
  type Retry,
  RunbookError,
  refuse,
} from '../../shared/errors.ts';
import type { ProbeVerdict, StepRecord } from '../../shared/run-state.ts';
import { sweptCode } from '../../shared/sweep.ts';

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

/** Failure types by which the host, or a reset, says that the attempt was taken away from it. */
const lostTypes = new Set([
  'RB_WORKER_SHUTDOWN',
  'RB_FENCED',
  'RB_OLD_ATTEMPT_ALIVE',
  'ResetWorkflow',
]);

/** The host says by this that the run is swept: it is to do nothing more, and to undo what it did. */
export const isSwept = (
  failure: AttemptFailure,
): failure is Extract<AttemptFailure, { kind: 'failed' }> =>
  failure.kind === 'failed' && failure.facts.code === sweptCode;

export function classifyFailure(error: unknown): AttemptFailure {
  if (error instanceof RunbookError) {
    return { kind: 'failed', facts: errorFacts(error), retry: error.retry, outputTail: '' };
  }
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    return { kind: 'lost', facts: attemptLost(cause) };
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

function attemptLost({ timeoutType }: TimeoutFailure): ErrorFacts {
  const silent = timeoutType === 'HEARTBEAT';
  return {
    code: 'RB_ATTEMPT_LOST',
    what: silent
      ? 'the worker stopped answering during the attempt'
      : `the attempt did not end in its time (${timeoutType})`,
    why: `${silent ? 'it died, froze or lost its server' : 'it hung, or no worker took it'}: nobody saw whether the effect landed`,
    fix: 'nothing while the run goes on: the next attempt asks first what is there. If it repeats, read the log of the worker and run `runbook doctor`',
  };
}

/** For a verify that asks the probe again: what the act was to bring must be there now. */
export function requireInPlace({ state, now, change }: ProbeVerdict): void {
  if (state === 'in-place') return;
  const { workflowId } = workflowInfo();
  throw new RunbookError(
    'RB_NOT_IN_PLACE',
    `the act ended without an error, and its effect is not there: ${now}`,
    {
      why: `the probe after it still finds this to do: ${change ?? 'all of it'}`,
      fix: `see what the act printed (\`runbook logs ${shellWord(workflowId)}\`) and what else changes the same thing, then try again`,
    },
  );
}

/** The engine never acts on a guess: only a person may say that acting again is safe. */
export function cannotTell({ id, title }: StepRecord, found: string | undefined): RunbookError {
  const step = `${shellWord(workflowInfo().workflowId)} ${shellWord(id)}`;
  return refuse(
    'RB_CANNOT_TELL',
    `nobody can tell whether "${title}" is done: ${found ?? 'an attempt was lost and the step has no probe'}`,
    'to act on a guess could do it twice, or leave it half done',
    `look at it (\`runbook logs ${step}\`), then \`runbook decide ${step} --skip --why TEXT\` when it is done, --retry when it is not`,
  );
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
