import { RunbookError, refuse } from '../../shared/errors.ts';
import { classifyFailure } from './failures.ts';
import type { Run } from './run.ts';

/** How a run that was ended from outside, and goes on, comes to undo what it did. */
export class Sweep {
  private readonly run: Run;
  private takenOver: Promise<void> | undefined;

  constructor(run: Run) {
    this.run = run;
  }

  get isUnderWay(): boolean {
    return this.takenOver !== undefined;
  }

  /**
   * Takes the locks anew: while the run was gone, another may have had them. Throws `RB_SUPERSEDED` when that one
   * changed something, because then there is no way back to what was before this run.
   */
  takeOver(): Promise<void> {
    this.takenOver ??= this.take();
    return this.takenOver;
  }

  private async take(): Promise<void> {
    const { run } = this;
    // Bound to the locks as they were.
    const { sweepRequest } = run.engineActivities('sweep');
    run.locks = await run.lock.acquireAgain(run.engineActivities('lock'));
    const request = await sweepRequest({}).catch((error: unknown) => {
      const failure = classifyFailure(error);
      throw failure.kind === 'failed' && failure.facts.code === 'RB_LOCK_LOST'
        ? superseded(run)
        : error;
    });
    if (request) run.progress.decideOnce({ action: 'stop-undo', ...request });
  }
}

function superseded(run: Run): RunbookError {
  const { platform } = run.progress.state();
  return refuse(
    'RB_SUPERSEDED',
    `another run has changed ${platform} since: nothing of this one is undone`,
    'what this run left belongs to the other one now, and to undo it would break that',
    `nothing, when the other run succeeded; else bring ${platform} to what its files say with a deploy`,
  );
}

export const isSuperseded = (error: unknown): error is RunbookError =>
  error instanceof RunbookError && error.code === 'RB_SUPERSEDED';
