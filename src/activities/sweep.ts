import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type WorkflowClient,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { errorFacts } from '../shared/errors.ts';
import { messages } from '../shared/messages.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { SweepMark, SweepOrder } from '../shared/sweep.ts';
import { currentAttempt } from './attempt.ts';
import { readTextIfExists, writeFileAtomic } from './files.ts';
import { isChangedSince } from './later-changes.ts';
import type { NoInput } from './opened-platform.ts';
import { runDirectory } from './run-directory.ts';

export interface SweepDependencies {
  readonly stateDirectory: string;
  readonly workflowClient: WorkflowClient;
}

/** Stands in the folder of a run that is swept. */
const markFile = (directory: string) => join(directory, 'sweep.json');

/** Who wants the run of this folder to be swept, and why; undefined when nobody does. */
export async function readSweepMark(directory: string): Promise<SweepMark | undefined> {
  const text = await readTextIfExists(markFile(directory));
  return text === undefined ? undefined : (JSON.parse(text) as SweepMark);
}

export const createSweepActivities = ({ stateDirectory, workflowClient }: SweepDependencies) => ({
  /** Writes the same file again, whole, so a retry is safe. False when nothing is kept of the run here. */
  async markSwept({ run, execution, endedRunId, by, why }: SweepOrder): Promise<boolean> {
    const directory = runDirectory(stateDirectory, run, execution);
    const isKept = await access(directory).then(
      () => true,
      () => false,
    );
    if (!isKept) return false;
    const mark: SweepMark = { id: endedRunId, by, why };
    await writeFileAtomic(markFile(directory), JSON.stringify(mark), { mode: 0o600 });
    return true;
  },

  /** The server does one reset for one request id, so a retry is safe. False when no task was ever done. */
  async reviveRun({ run, endedRunId, by, why }: SweepOrder): Promise<boolean> {
    const { workflowService, options } = workflowClient;
    const workflowTaskFinishEventId = await lastDoneTask(workflowClient, run, endedRunId);
    if (workflowTaskFinishEventId === undefined) return false;
    await workflowService.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: run, runId: endedRunId },
      workflowTaskFinishEventId,
      requestId: `sweep/${endedRunId}`,
      reason: `swept by ${by}: ${why}`,
    });
    return true;
  },

  /** A run is stopped once, and one that undoes already needs no stop, so a retry is safe. */
  async stopRevived({ run, endedRunId, by, why }: SweepOrder): Promise<void> {
    try {
      await workflowClient.getHandle(run).executeUpdate(messages.stop, {
        args: [{ mode: 'undo', by, why }],
        updateId: `sweep/${endedRunId}`,
      });
    } catch (error) {
      const isOver =
        error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError;
      if (!isOver) throw error;
    }
  },

  /** Reads only. Throws `RB_LOCK_LOST` when a change of another run, made since with these locks, still stands. */
  async sweepMark(_ctx: StepContext, _input: NoInput): Promise<SweepMark | null> {
    const attempt = currentAttempt();
    await attempt.checkFence().catch(async (error: unknown) => {
      const isLost = errorFacts(error).code === 'RB_LOCK_LOST';
      const { runDirectory: directory, ctx } = attempt;
      if (!isLost || (await isChangedSince(directory, ctx.platform))) throw error;
    });
    return (await readSweepMark(attempt.runDirectory)) ?? null;
  },
});

/** The last task that the run's code has done: what it knew then, it knows again. */
async function lastDoneTask(
  { workflowService, options: { namespace } }: WorkflowClient,
  workflowId: string,
  runId: string,
) {
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId, runId },
      nextPageToken,
    });
    const done = page.history?.events?.find((event) => event.workflowTaskCompletedEventAttributes);
    if (done?.eventId) return done.eventId;
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return undefined;
}
