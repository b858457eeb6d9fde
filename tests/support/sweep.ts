import type { Client, WorkflowHandle } from '@temporalio/client';
import { taskQueue } from '../../src/shared/messages.ts';
import type { SweepAnswer, SweepOrder } from '../../src/shared/sweep.ts';

let count = 0;

/** Starts what the CLI starts for a sweep of the run. */
export async function startSweep(client: Client, run: WorkflowHandle) {
  const { runId, raw } = await run.describe();
  const order: SweepOrder = {
    run: run.workflowId,
    execution: raw.workflowExecutionInfo?.firstRunId || runId,
    endedRunId: runId,
    by: 'ann',
    why: 'it was ended by mistake',
  };
  return client.workflow.start<(order: SweepOrder) => Promise<SweepAnswer>>('runbook-sweep', {
    taskQueue,
    workflowId: `sweep/${run.workflowId}/${++count}`,
    args: [order],
  });
}
