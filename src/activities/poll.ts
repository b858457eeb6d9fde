import { setTimeout as wait } from 'node:timers/promises';

const quickMs = 250;
const slowMs = 1000;
/** Most services are there within seconds; the slow ones need no quick eye. */
const quickPhaseMs = 5000;

export interface Poll<T> {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Undefined: not yet. */
  readonly check: () => Promise<T | undefined>;
}

/**
 * Asks until there is an answer; undefined when the time is up. The last question comes at the end of it.
 * An error ends it: an absence of Docker is bridged by the engine, with a new attempt and a new time.
 */
export async function poll<T>({ signal, timeoutMs, check }: Poll<T>): Promise<T | undefined> {
  const startedAt = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const askedAt = Date.now();
    const answer = await check();
    if (answer !== undefined) return answer;
    if (askedAt - startedAt >= timeoutMs) return undefined;
    await wait(askedAt - startedAt < quickPhaseMs ? quickMs : slowMs, undefined, { signal });
  }
}
