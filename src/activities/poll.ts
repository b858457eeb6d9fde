import { setTimeout as wait } from 'node:timers/promises';
import { isDockerUnreachable } from './docker/engine-errors.ts';

/** How long Docker may be away (its restart, an upgrade) before a wait gives up. */
const dockerAwayMs = 60_000;
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

/** Asks until there is an answer; undefined when the time is up. The last question comes at the end of it. */
export async function poll<T>({ signal, timeoutMs, check }: Poll<T>): Promise<T | undefined> {
  const startedAt = Date.now();
  let awaySince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const askedAt = Date.now();
    try {
      const answer = await check();
      if (answer !== undefined) return answer;
      awaySince = undefined;
    } catch (error) {
      if (!isDockerUnreachable(error)) throw error;
      awaySince ??= askedAt;
      if (Date.now() - awaySince >= dockerAwayMs) throw error;
    }
    // While Docker is away nothing is known, so that time does not count against the service.
    if (awaySince === undefined && askedAt - startedAt >= timeoutMs) return undefined;
    await wait(askedAt - startedAt < quickPhaseMs ? quickMs : slowMs, undefined, { signal });
  }
}
