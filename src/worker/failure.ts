import { CancelledFailure, type Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { writeFailureOr } from '../activities/write-failure.ts';
import { type ErrorFacts, errorFacts, type Retry, RunbookError } from '../shared/errors.ts';
import type { Redact } from './attempt-log.ts';

interface AttemptState {
  /** A newer attempt of the step aborted this one. */
  readonly superseded: boolean;
  readonly context: Context;
  readonly step: string;
}

/**
 * The one place where an activity's error becomes a Temporal failure: the type is the code, the details carry
 * the facts and the last output, redacted.
 */
export function toFailure(
  thrown: unknown,
  state: AttemptState,
  outputTail: string,
  redact: Redact,
): Error {
  const { context, step } = state;
  const failure = (facts: ErrorFacts, retry: Retry, tail: string) =>
    applicationFailure(facts, retry, { facts, outputTail: tail, step });
  if (state.superseded) return failure(superseded, 'never', '');
  if (context.cancellationSignal.aborted) {
    if (context.cancellationDetails?.workerShutdown) {
      return failure(shutDown, 'maybe', outputTail);
    }
    return new CancelledFailure('cancelled');
  }
  const error = writeFailureOr(thrown);
  const retry = error instanceof RunbookError ? error.retry : 'maybe';
  return failure(redacted(errorFacts(error), redact), retry, outputTail);
}

const superseded: ErrorFacts = {
  code: 'RB_FENCED',
  what: 'a newer attempt took over',
  why: 'this one was given up as lost: its worker had been silent for too long',
  fix: 'nothing: the newer attempt goes on with the step',
};

const shutDown: ErrorFacts = {
  code: 'RB_WORKER_SHUTDOWN',
  what: 'the worker was shut down',
  why: 'somebody stopped it in the middle of the attempt',
  fix: 'start a worker again (runbook up): the next attempt asks first what is there',
};

function redacted(facts: ErrorFacts, redact: Redact): ErrorFacts {
  return {
    code: facts.code,
    what: redact(facts.what).slice(0, 2000),
    ...(facts.why === undefined ? {} : { why: redact(facts.why).slice(0, 8000) }),
    ...(facts.fix === undefined ? {} : { fix: redact(facts.fix).slice(0, 2000) }),
  };
}

function applicationFailure(facts: ErrorFacts, retry: Retry, details: object): ApplicationFailure {
  const message = facts.why === undefined ? facts.what : `${facts.what}: ${facts.why}`;
  return ApplicationFailure.create({
    type: facts.code,
    // Half a character, of the input or where a text was cut, is no UTF-8: the server would refuse the failure.
    message: message.toWellFormed(),
    nonRetryable: retry === 'never',
    details: [details],
  });
}
