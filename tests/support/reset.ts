import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';

type HistoryEvents = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;
export type EventId = NonNullable<HistoryEvents[number]['eventId']>;

/** The ids of the events to which a run can be reset: the ends of its workflow tasks. */
export async function resetPoints(handle: WorkflowHandle): Promise<EventId[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => event.workflowTaskCompletedEventAttributes)
    .flatMap(({ eventId }) => (eventId ? [eventId] : []));
}

/** As `temporal workflow reset` does: the same workflow goes on from there, as another execution. */
export async function reset(
  client: Client,
  run: { readonly workflowId: string; readonly runId: string },
  eventId: EventId,
): Promise<WorkflowHandle> {
  const { workflowId, runId } = run;
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: eventId,
  });
  return client.workflow.getHandle(workflowId);
}
