import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Link } from '../connection.ts';
import type { RunRow, Trouble } from './api.ts';
import { failingTask, unansweredTask } from './failing-task.ts';
import { toRow } from './row.ts';
import { taskTrouble } from './task-failure.ts';
import { instant } from './timestamp.ts';
import { waitsOf } from './waits.ts';

/** What the server alone knows of a run, with what keeps it from going on. */
export async function findRun(link: Link, run: string): Promise<RunRow> {
  const description = await link.client.workflow.getHandle(run).describe();
  const row = toRow(description);
  if (!row.open) return row;
  const [trouble, waits] = await Promise.all([
    troubleOf(link, description),
    waitsOf(link.client, description.raw.pendingActivities ?? []),
  ]);
  return {
    ...row,
    ...(waits.length === 0 ? {} : { waits }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** A second attempt alone may be a worker that was ended in the middle of the first. */
async function troubleOf(
  link: Link,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<Trouble | undefined> {
  const task = raw.pendingWorkflowTask;
  const attempts = task?.attempt ?? 1;
  if (attempts < 2) return undefined;
  const found = await taskTrouble(link, workflowId, runId);
  if (found === undefined || (found === 'unanswered' && attempts === 2)) return undefined;
  if (found !== 'unanswered') {
    return { ...failingTask(workflowId, found), attempts, since: found.at };
  }
  const since = instant(task?.originalScheduledTime).toISOString();
  return { ...unansweredTask(), attempts, since };
}
