import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Link } from '../connection.ts';
import type { CommandError } from '../errors.ts';

/**
 * Sends an update and returns its answer. Its id makes a repeated request the same one: a decision is never taken twice. `refused` makes
 * the error of the reason with which the workflow says no.
 */
export async function sendUpdate(
  link: Link,
  workflowId: string,
  name: string,
  argument: object,
  refused: (why: string) => CommandError,
): Promise<string> {
  const updateId = randomUUID();
  try {
    return await link.client.workflow
      .getHandle(workflowId)
      .executeUpdate<string, [object]>(name, { args: [argument], updateId });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    throw refused(error.cause?.message || 'it gave no reason');
  }
}
