import { condition, workflowInfo } from '@temporalio/workflow';
import { shellWord } from '../../report/markdown-text.ts';
import { type ErrorFacts, refuse } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/nearest.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import { StepFailed } from './failures.ts';
import type { Progress } from './progress.ts';

/**
 * The step at which a run begins. Every step before it must be in place: a step is before it when that one cannot
 * begin without it, so work beside it goes on as soon as it has begun.
 */
export class From {
  private readonly step: string | undefined;
  private readonly progress: Progress;
  private reached = false;
  /** Strands of work under way, the body's own among them, and how many of them stand here. */
  private strands = 1;
  private waiting = 0;
  /** The first that should have been in place and is not. */
  private missing: StepRecord | undefined;

  constructor(step: string | undefined, progress: Progress) {
    this.step = step;
    this.progress = progress;
  }

  get isSet(): boolean {
    return this.step !== undefined;
  }

  /** Whether the run has not come to it yet. */
  get isAhead(): boolean {
    return this.step !== undefined && !this.reached;
  }

  begin(id: string): void {
    if (id === this.step) this.reached = true;
  }

  /**
   * Before a step that is not in place: returns once the run has come to its first step, or ends it. A plan goes
   * on, to find out whether it comes to that step at all.
   */
  async pass(record: StepRecord, mode: 'plan' | 'apply'): Promise<void> {
    if (this.step === undefined) return;
    this.waiting += 1;
    try {
      await condition(() => this.reached || this.waiting >= this.strands);
    } finally {
      this.waiting -= 1;
    }
    if (this.reached) return;
    this.missing ??= record;
    if (mode === 'apply') this.refuse(record, this.step);
  }

  private refuse(record: StepRecord, step: string): never {
    const facts = notInPlace(record, step);
    record.error = facts;
    this.progress.close(record, 'failed');
    throw new StepFailed(record.id, facts, 'abort');
  }

  /** Work that goes on beside other work; whoever waits for it stands still meanwhile. */
  async beside<T>(waitForAll: (strand: Strand) => Promise<T>): Promise<T> {
    this.strands -= 1;
    try {
      return await waitForAll((work) => this.strand(work));
    } finally {
      this.strands += 1;
    }
  }

  private async strand(work: () => Promise<void>): Promise<void> {
    this.strands += 1;
    try {
      await work();
    } finally {
      this.strands -= 1;
    }
  }

  /** After the last step: throws when none was the one, or when a plan came to it past what is missing. */
  finish(): void {
    if (this.step === undefined) return;
    if (!this.reached) throw unknownStep(this.step, this.progress.steps);
    if (this.missing) this.refuse(this.missing, this.step);
    this.reached = false;
  }
}

type Strand = (work: () => Promise<void>) => Promise<void>;

function notInPlace({ id, title, now, change }: StepRecord, from: string): ErrorFacts {
  return {
    code: 'RB_FROM_NOT_IN_PLACE',
    what: `"${title}" (${id}) comes before ${from} and is not in place`,
    why:
      now === undefined
        ? 'it has no probe, so nobody can tell'
        : `${now}; to do: ${change ?? title}`,
    fix: `begin there, with --from ${shellWord(id)}, or leave --from out: then it is done again`,
  };
}

function unknownStep(from: string, steps: readonly StepRecord[]) {
  const names = steps.map(({ id }) => id);
  return refuse(
    'RB_STEP_UNKNOWN',
    `${workflowInfo().workflowType} has no step ${from} as things are${didYouMean(from, names)}`,
    `its steps are: ${names.join(', ')}`,
    'name one of them with --from',
  );
}
