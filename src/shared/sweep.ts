/** With this the host refuses every attempt of a run that is swept, until the run knows that it is. */
export const sweptCode = 'RB_SWEPT';

/** Who wants what a gone run left to be undone, and why. */
export interface SweepRequest {
  readonly by: string;
  readonly why: string;
}

/** What the host keeps of it. A run that is ended again while it is swept, and swept again, has another id. */
export interface SweepMark extends SweepRequest {
  readonly id: string;
}

/** A run that the server ended from outside, and the request to sweep it. */
export interface SweepOrder extends SweepRequest {
  /** The workflow id. */
  readonly run: string;
  /** The workflow's first run id, which names its folder. */
  readonly execution: string;
  /** The run id of the execution that was ended: a repeat of the order finds it revived already. */
  readonly endedRunId: string;
}

/** Whether the run goes on now, to undo what it did, or why it does not. */
export type SweepAnswer = 'revived' | 'nothing-kept' | 'never-began';
