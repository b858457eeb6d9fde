import { sleep } from '@temporalio/workflow';
import { limits } from '../../shared/limits.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import type { BoundActivities } from './activities.ts';
import { classifyFailure, isSwept } from './failures.ts';
import { Outage } from './outage.ts';
import type { Run } from './run.ts';
import { isSuperseded } from './sweep.ts';

type UndoVerb = (activities: BoundActivities) => Promise<unknown>;

const undoTries = 3;

/** The undos of what was started, newest first. Registered before the act, so a half-done act is undone too. */
export class UndoStack {
  private readonly entries: { record: StepRecord; undo: UndoVerb }[] = [];
  private readonly run: Run;
  private sealed = false;

  constructor(run: Run) {
    this.run = run;
  }

  register(record: StepRecord, undo: UndoVerb): void {
    if (this.entries.some((entry) => entry.record === record)) return;
    this.entries.push({ record, undo });
  }

  /** What goes on beside the run from now on builds on what was done. */
  seal(): void {
    this.sealed = true;
  }

  get isSealed(): boolean {
    return this.sealed;
  }

  /**
   * Undoes everything; a failed undo is named in the record and does not keep the others from running. Throws
   * `RB_SUPERSEDED`, before the first, when the run is swept and another one has taken its place.
   */
  async unwind(): Promise<{ complete: boolean }> {
    let complete = true;
    for (const { record, undo } of this.entries.reverse()) {
      const { status } = record;
      record.status = 'undoing';
      this.run.progress.changed();
      const undone = await this.undoOne(record, undo).catch((error: unknown) => {
        if (isSuperseded(error)) record.status = status;
        throw error;
      });
      this.run.progress.closeUndo(record, undone ? 'undone' : 'undo-failed');
      complete &&= undone;
    }
    this.entries.length = 0;
    return { complete };
  }

  private async undoOne(record: StepRecord, undo: UndoVerb): Promise<boolean> {
    const outage = new Outage();
    for (let tries = 0, lost = 0; tries < undoTries && lost <= limits.lostAttempts; ) {
      record.attempt += 1;
      try {
        await undo(this.run.activitiesFor(record, 'undo', '10m'));
        return true;
      } catch (error) {
        const failure = classifyFailure(error);
        if (failure.kind === 'cancelled') throw error;
        if (isSwept(failure) && (await this.run.sweep.takeOver())) continue;
        record.undoError = failure.facts;
        if (await outage.bridged(failure)) continue;
        if (failure.kind === 'lost') lost += 1;
        else tries += 1;
        if (failure.kind === 'failed' && failure.retry === 'never') return false;
        await sleep(1000 * Math.max(1, tries), {
          summary: `pause before undoing ${record.id} again`,
        });
      }
    }
    return false;
  }
}
