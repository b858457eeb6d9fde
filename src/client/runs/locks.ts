import type { LockBook, LockBreak } from '../../shared/lock.ts';
import { lockWorkflowId, messages, serviceWorkflows } from '../../shared/messages.ts';
import type { Link } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { sendUpdate } from './send-update.ts';

/** Every lock that was ever asked for here; most are free. Sorted by key. */
export async function listLocks(link: Link): Promise<readonly LockBook[]> {
  const { workflow } = link.client;
  const query = `WorkflowType = "${serviceWorkflows.lock}" AND ExecutionStatus = "Running"`;
  const ids: string[] = [];
  for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
  const books = ids.map((id) => workflow.getHandle(id).query<LockBook, []>(messages.lockState));
  return (await Promise.all(books)).sort((a, b) => a.key.localeCompare(b.key));
}

/** Takes the lock from a run, or the run out of the queue. Throws `RB_LOCK_RELEASE_REFUSED` when it is in neither. */
export async function breakLock(link: Link, key: string, request: LockBreak): Promise<void> {
  const refused = (why: string) =>
    new CommandError('RB_LOCK_RELEASE_REFUSED', `the lock ${key} was not released`, {
      why,
      fix: 'see who holds it with runbook locks',
      context: { changed: false },
    });
  await sendUpdate(link, lockWorkflowId(key), messages.lockBreak, request, refused);
}
