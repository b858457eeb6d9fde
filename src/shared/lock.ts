export type LockMode = 'shared' | 'exclusive';

/** A run as a lock knows it; the execution tells a reset (same) from a new run with an old id (other). */
export interface LockOwner {
  readonly workflowId: string;
  readonly execution: string;
}

export interface LockRequest extends LockOwner {
  readonly mode: LockMode;
}

export type LockRelease = LockOwner;

export interface LockGrant {
  readonly key: string;
  readonly execution: string;
  readonly token: number;
}

export interface LockWait {
  readonly key: string;
  readonly execution: string;
  readonly heldBy: readonly string[];
}

export interface LockHolder extends LockRequest {
  readonly token: number;
}

/** What the lock carries from one of its runs to the next, and what its query answers. */
export interface LockBook {
  readonly key: string;
  holders: LockHolder[];
  queue: LockRequest[];
  /** The highest token granted so far. */
  token: number;
}
