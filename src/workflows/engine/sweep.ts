import { RunbookError, refuse } from '../../shared/errors.ts';
import { classifyFailure } from './failures.ts';
import type { Run } from './run.ts';

/** How a run that was ended from outside, and goes on, comes to undo what it did. */
export class Sweep {
  private readonly run: Run;
  /** The sweep that the run knows of. */
  id: string | undefined;

  constructor(run: Run) {
    this.run = run;
  }

  /**
   * Takes the locks anew: while the run was gone, another may have had them. Throws `RB_SUPERSEDED` when a change
   * of that one still stands, because then there is no way back to what was before this run. False when the run
   * knew already.
   */
  async takeOver(): Promise<boolean> {
    const { run } = this;
    // Bound to the locks as they were.
    const { sweepMark } = run.engineActivities('sweep');
    run.locks = await run.lock.acquireAgain(run.engineActivities('lock'));
    const mark = await sweepMark({}).catch((error: unknown) => {
      const failure = classifyFailure(error);
      throw failure.kind === 'failed' && failure.facts.code === 'RB_LOCK_LOST'
        ? superseded(run)
        : error;
    });
    if (mark === null || mark.id === this.id) return false;
    const { id, by, why } = mark;
    this.id = id;
    run.progress.decideOnce({ action: 'stop-undo', by, why });
    return true;
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
