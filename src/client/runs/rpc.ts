import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { taskQueue } from '../../shared/messages.ts';
import { type Link, unreachable } from '../connection.ts';
import { CommandError } from '../errors.ts';
import type { Trouble } from './api.ts';
import { failingTask } from './failing-task.ts';

/** The numbers of the gRPC specification. */
const grpcCode = { cancelled: 1, notFound: 5, unavailable: 14 } as const;

/** Who has to answer a call: the server alone, or a worker through it. */
type Answerer = 'server' | 'worker';

const deadlineMs: Record<Answerer, number> = { server: 5_000, worker: 8_000 };

interface CallOptions {
  readonly answerer: Answerer;
  /** The run that the call is about, for the words of an error. */
  readonly run?: string;
  readonly deadlineMs?: number;
}

/** One call with a deadline; what goes wrong on the way becomes an error with advice. */
export async function call<T>(
  link: Link,
  options: CallOptions,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + (options.deadlineMs ?? deadlineMs[options.answerer]);
  // One of its own: the client never lets go of a signal that it was given.
  const aborting = new AbortController();
  link.pending.add(aborting);
  try {
    return await link.connection.withAbortSignal(aborting.signal, () =>
      link.connection.withDeadline(deadline, work),
    );
  } catch (error) {
    throw translate(link, options, error);
  } finally {
    link.pending.delete(aborting);
  }
}

function translate(link: Link, { answerer, run }: CallOptions, error: unknown): unknown {
  const grpc = grpcErrorOf(error);
  const isNamespace = /^Namespace \S+ is not found/i.test(grpc?.details ?? '');
  if (error instanceof NamespaceNotFoundError || isNamespace) return namespaceUnknown(link);
  if (error instanceof WorkflowNotFoundError || grpc?.code === grpcCode.notFound) {
    return runUnknown(link, run ?? '');
  }
  if (error instanceof QueryNotRegisteredError) return queryFailed(run ?? '', error.message);
  const isLate =
    isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
  if (isLate) return answerer === 'worker' ? noWorker() : unreachable(link.address, error);
  if (grpc?.code === grpcCode.unavailable || grpc?.code === grpcCode.cancelled) {
    return unreachable(link.address, error);
  }
  if (grpc?.details.includes('no poller seen')) return noWorker();
  return grpc === undefined ? error : unexpectedAnswer(link, grpc.details || grpc.message);
}

function grpcErrorOf(error: unknown) {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause : undefined;
}

export function noWorker(): CommandError {
  return new CommandError('RB_NO_WORKER', `no worker answers on the task queue "${taskQueue}"`, {
    why: 'runs are carried out by a worker; without one they wait',
    fix: 'runbook up, or beside a server that runs already: runbook worker',
  });
}

function namespaceUnknown({ address, namespace }: Link): CommandError {
  return new CommandError('RB_NAMESPACE_UNKNOWN', `${address} has no namespace ${namespace}`, {
    why: 'a Temporal server keeps runs in namespaces, and this one it does not know',
    fix: `correct --namespace or TEMPORAL_NAMESPACE; temporal operator namespace list --address ${address} names them`,
  });
}

function runUnknown(link: Link, run: string): CommandError {
  return new CommandError('RB_RUN_UNKNOWN', `there is no run ${run}`, {
    why: `namespace ${link.namespace} at ${link.address} does not know it; old runs expire`,
    fix: 'see the known ones with runbook history',
    context: { run },
  });
}

/** The SDK has one error for every query that a worker fails at; only its words tell them apart. */
function queryFailed(run: string, message: string): CommandError {
  if (message.includes('did not register a handler')) return notARun(run);
  return standsStill(run, failingTask(run, { message, stack: '' }));
}

/** A run's trouble as the error of an order that it cannot hear. */
export function standsStill(run: string, { code, ...facts }: Trouble): CommandError {
  return new CommandError(code, facts.what, { ...facts, context: { run } });
}

function notARun(run: string): CommandError {
  return new CommandError('RB_NOT_A_RUN', `${run} is not the run of a runbook`, {
    why: 'it is a workflow of another kind: it does not answer the query "state"',
    fix: 'see the runs with runbook history',
    context: { run },
  });
}

function unexpectedAnswer(link: Link, detail: string): CommandError {
  return new CommandError('RB_TEMPORAL_ANSWER', `Temporal at ${link.address} refused the request`, {
    why: detail,
    fix: 'look for what is wrong with runbook doctor',
  });
}
