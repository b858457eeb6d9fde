import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { serviceWorkflows, taskQueue } from '../../shared/messages.ts';
import type { SweepAnswer, SweepOrder, SweepRequest } from '../../shared/sweep.ts';
import type { Link } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { shellWord } from '../render/text.ts';
import { executionOf } from './execution-of.ts';

/** How long the service workflow may take: three short activities, tried again when one fails. */
export const sweepDeadlineMs = 60_000;

/** A worker does it, since only its host knows what is kept of the run. */
export async function sweepRun(
  { client }: Link,
  run: string,
  { by, why }: SweepRequest,
): Promise<SweepAnswer> {
  const { execution, runId } = await executionOf(client, run);
  const order: SweepOrder = { run, execution, endedRunId: runId, by, why };
  try {
    return await client.workflow.execute<(order: SweepOrder) => Promise<SweepAnswer>>(
      serviceWorkflows.sweep,
      {
        workflowId: `sweep/${run}/${randomUUID()}`,
        taskQueue,
        args: [order],
        workflowExecutionTimeout: sweepDeadlineMs,
        staticSummary: `sweep ${run}`,
      },
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause?.cause ?? error.cause;
    const why = cause instanceof Error ? cause.message : error.message;
    throw sweepRefused(run, why, `runbook status ${shellWord(run)}`);
  }
}

export function sweepRefused(run: string, why: string, fix: string): CommandError {
  return new CommandError('RB_SWEEP_REFUSED', `${run} was not swept`, {
    why,
    fix,
    context: { run, changed: false },
  });
}
