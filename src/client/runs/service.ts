import { randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { ErrorFacts } from '../../shared/errors.ts';
import { taskQueue } from '../../shared/messages.ts';
import type { Link } from '../connection.ts';
import { knownError } from '../errors.ts';

export const serviceDeadlineMs = 20_000;

interface Service {
  readonly type: string;
  /** What the id of the workflow begins with. */
  readonly id: string;
  readonly deadlineMs?: number;
}

/** Asks the worker something that only its host knows. What it refuses is thrown with its own facts. */
export async function askService<Answer>(
  link: Link,
  { type, id, deadlineMs = serviceDeadlineMs }: Service,
  question: object,
): Promise<Answer> {
  try {
    return await link.client.workflow.execute<(asked: object) => Promise<Answer>>(type, {
      workflowId: `${id}/${randomUUID()}`,
      taskQueue,
      args: [question],
      workflowExecutionTimeout: deadlineMs,
    });
  } catch (error) {
    const facts = error instanceof WorkflowFailedError ? factsOf(error.cause) : undefined;
    throw facts === undefined ? error : knownError(facts, {});
  }
}

function factsOf(cause: Error | undefined): ErrorFacts | undefined {
  const failure = cause instanceof ActivityFailure ? cause.cause : cause;
  if (!(failure instanceof ApplicationFailure)) return undefined;
  const [details] = (failure.details ?? []) as [{ readonly facts?: ErrorFacts }?];
  return details?.facts;
}
