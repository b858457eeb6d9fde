import type { Client } from '@temporalio/client';

/** What the folder of a run is named by, its first run id, which a reset keeps; and the run id of the latest. */
export async function executionOf(
  { workflow }: Client,
  run: string,
): Promise<{ readonly execution: string; readonly runId: string }> {
  const { raw, runId } = await workflow.getHandle(run).describe();
  return { execution: raw.workflowExecutionInfo?.firstRunId || runId, runId };
}
