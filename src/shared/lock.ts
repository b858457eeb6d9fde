/**
 * How a lock is held. Holders of one mode share it, unless that is `exclusive`; holders of different modes do
 * not. `intent` stands for work on a part: whoever changes a service holds its platform so.
 */
export type LockMode = 'shared' | 'exclusive' | 'intent';

/** What a run needs before its first step. */
export interface LockWish {
  /** A platform (`lab`), or a part of one (`lab/postgres`). */
  readonly key: string;
  readonly mode: LockMode;
}

/** A lock that a run has got. Every activity carries them all, and the host refuses an outdated one. */
export interface HeldLock extends LockWish {
  /** Grows with every grant of the key. */
  readonly token: number;
}

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

/** One that waits; `at` says since when, ISO 8601. */
export interface LockAsker extends LockRequest {
  readonly at: string;
}

export interface LockHolder extends LockAsker {
  readonly token: number;
}

/** Somebody took a lock away from a run, or threw it out of the queue. */
export interface LockBreak extends LockOwner {
  readonly by: string;
  readonly why: string;
}

/** What the lock carries from one of its runs to the next, and what its query answers. */
export interface LockBook {
  readonly key: string;
  holders: LockHolder[];
  queue: LockAsker[];
  /** The highest token granted so far. */
  token: number;
  /** The latest, newest first. */
  broken?: (LockBreak & { readonly at: string })[];
}
