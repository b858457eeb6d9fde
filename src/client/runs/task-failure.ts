import type { Client } from '@temporalio/client';
import type { ProtoFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { Link } from '../connection.ts';
import { instant, type TimestampLike } from './timestamp.ts';

/** What a history keeps of a workflow task that failed. */
export interface TaskFailure {
  readonly message: string;
  readonly stack: string;
  readonly at: string;
}

/** The part of a history's event that is read here. */
export interface TaskEvent {
  readonly eventTime?: TimestampLike | null;
  readonly workflowTaskCompletedEventAttributes?: object | null;
  readonly workflowTaskTimedOutEventAttributes?: object | null;
  readonly workflowTaskFailedEventAttributes?: {
    readonly cause?: number | null;
    readonly failure?: ProtoFailure | null;
  } | null;
}

/** What became of the tasks since the last one that was done. */
export type TaskTrouble = TaskFailure | 'unanswered' | undefined;

/** Not failures of code: news came in between, a cache was given up, the server moved, a reset. */
const harmlessCauses: ReadonlySet<number> = new Set([1, 13, 18, 20]);

/** Reads a history from its end back to the last task that was done, usually a few events. */
export async function taskTrouble(
  { client, connection, namespace }: Link,
  workflowId: string,
  runId: string,
): Promise<TaskTrouble> {
  const events: TaskEvent[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await connection.workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId, runId },
      nextPageToken,
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0 && !events.some(isDone));
  return troubleIn(await Promise.all(events.map((event) => readable(client, event))));
}

/** Message and stack as the codec has them; as the server tells them where their key is not known. */
async function readable(client: Client, event: TaskEvent): Promise<TaskEvent> {
  const failed = event.workflowTaskFailedEventAttributes;
  if (!failed?.failure?.encodedAttributes) return event;
  const { loadedDataConverter: converter } = client.options;
  const error = await decodeOptionalFailureToOptionalError(converter, failed.failure).catch(
    () => undefined,
  );
  if (error === undefined) return event;
  const failure = { message: error.message, stackTrace: error.stack ?? '' };
  return { ...event, workflowTaskFailedEventAttributes: { ...failed, failure } };
}

/** Events come newest first. The words of a failure say more than the silence of another attempt. */
export function troubleIn(events: readonly TaskEvent[]): TaskTrouble {
  const end = events.findIndex(isDone);
  const since = end < 0 ? events : events.slice(0, end);
  for (const { eventTime, workflowTaskFailedEventAttributes: failed } of since) {
    if (!failed || harmlessCauses.has(failed.cause ?? 0)) continue;
    return {
      message: failed.failure?.message || `the server names only a cause, number ${failed.cause}`,
      stack: failed.failure?.stackTrace ?? '',
      at: instant(eventTime).toISOString(),
    };
  }
  // Without such an event the run has gone on since it was described.
  return since.some((event) => event.workflowTaskTimedOutEventAttributes)
    ? 'unanswered'
    : undefined;
}

function isDone(event: TaskEvent): boolean {
  return Boolean(event.workflowTaskCompletedEventAttributes);
}
