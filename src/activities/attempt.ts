import { AsyncLocalStorage } from 'node:async_hooks';
import type { Platform } from '../shared/platform-file.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { Waiting } from '../shared/waiting.ts';

/**
 * What an activity's code may ask of the attempt it runs in. The worker's interceptor makes one for each
 * attempt; unit tests make one with `testAttempt`. Adapters take what they need of it as arguments.
 */
export interface Attempt {
  readonly ctx: StepContext;
  /** Aborts on cancellation, on the worker's shutdown, and when a newer attempt takes over. */
  readonly signal: AbortSignal;
  /** Adds a line to the attempt's log (redacted, cut at its limit) and to the heartbeat's last words. */
  log(line: string): void;
  /** Who it waits for (redacted), shown to whoever watches the run until it is told otherwise or ends. */
  waitsFor(waiting: Waiting | undefined): void;
  /** Throws `RB_FENCED` when a newer attempt or a newer lock holder has taken over. Call before each effect. */
  checkFence(): Promise<void>;
  /** Writes down a child process before it is waited for, so that a newer attempt can end it. */
  trackChild(pid: number): Promise<void>;
  /** The folder of this run in the state directory; it exists. */
  readonly runDirectory: string;
  /** The platform as this run pinned it. */
  platform(): Promise<Platform>;
}

const storage = new AsyncLocalStorage<Attempt>();

/** The attempt that the calling activity runs in. */
export function currentAttempt(): Attempt {
  const attempt = storage.getStore();
  if (!attempt) throw new Error('called outside an activity attempt');
  return attempt;
}

/** Runs `work` as the given attempt. */
export function runAttempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  return storage.run(attempt, work);
}
