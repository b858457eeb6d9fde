import type { LockBook, LockOwner, LockRequest, LockWish } from '../shared/lock.ts';
import { lockWorkflowId, messages, serviceWorkflows, taskQueue } from '../shared/messages.ts';
import type { StepContext } from '../shared/step-context.ts';

/** What these activities need of a Temporal client. */
export interface WorkflowClientApi {
  signalWithStart(
    type: string,
    options: {
      workflowId: string;
      taskQueue: string;
      args: [LockBook];
      signal: string;
      signalArgs: [LockRequest];
      staticSummary: string;
    },
  ): Promise<unknown>;
  getHandle(
    workflowId: string,
    runId?: string,
    options?: { firstExecutionRunId?: string },
  ): { describe(): Promise<{ status: { name: string } }> };
}

export const createLockActivities = (client: WorkflowClientApi) => ({
  /** A repeated request of the same owner changes nothing in the lock, so a retry is safe. */
  async requestLock(ctx: StepContext, input: LockWish): Promise<void> {
    await client.signalWithStart(serviceWorkflows.lock, {
      workflowId: lockWorkflowId(input.key),
      taskQueue,
      args: [{ key: input.key, holders: [], queue: [], token: 0 }],
      signal: messages.lockRequest,
      signalArgs: [{ workflowId: ctx.run, execution: ctx.execution, mode: input.mode }],
      staticSummary: `who may work on ${input.key}`,
    });
  },

  /** Reads only. Asks by workflow id: after a reset another run of it goes on holding the lock. */
  async ownerIsOpen(owner: LockOwner): Promise<boolean> {
    try {
      const { status } = await client.getHandle(owner.workflowId).describe();
      return status.name === 'RUNNING' || status.name === 'PAUSED';
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
      throw error;
    }
  },
});
