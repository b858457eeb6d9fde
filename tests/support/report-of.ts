import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { RunReport } from '../../src/shared/report.ts';

/** The report, whether the run ended well or not. */
export async function reportOf(handle: WorkflowHandle): Promise<RunReport> {
  try {
    return (await handle.result()) as RunReport;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause as { details?: unknown[] } | undefined;
    return cause?.details?.[0] as RunReport;
  }
}
