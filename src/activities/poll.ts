import { setTimeout as wait } from 'node:timers/promises';
import type { Attempt } from './attempt.ts';

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

interface Awaited<T> extends Omit<Poll<T>, 'signal'> {
  /** Who is not there yet, and its last answer. */
  readonly words: () => string;
}

/** As `poll`, and the attempt says what it waits for. */
export async function awaitAnswer<T>(
  { signal, waitsFor }: Pick<Attempt, 'signal' | 'waitsFor'>,
  { timeoutMs, check, words }: Awaited<T>,
): Promise<T | undefined> {
  const since = new Date().toISOString();
  let told: string | undefined;
  const tell = () => {
    const now = words();
    if (now !== told) waitsFor({ for: now, since, timeoutMs });
    told = now;
  };
  try {
    return await poll({
      signal,
      timeoutMs,
      check: async () => {
        const answer = await check();
        if (answer === undefined && timeoutMs > 0) tell();
        return answer;
      },
    });
  } finally {
    if (told !== undefined) waitsFor(undefined);
  }
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
