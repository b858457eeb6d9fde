import { setTimeout as wait } from 'node:timers/promises';

/** The longest time without a successful login, as a client sees it that logs in all the time. */
export interface GapWatch extends AsyncDisposable {
  /** Ends after the next success; milliseconds from the last success before the gap to the first one after it. */
  end(): Promise<{ readonly gapMs: number; readonly refused: number; readonly logins: number }>;
}

const pauseMs = 5;
const endWithinMs = 10_000;

/** `login` does one login with the value in force for a client of the time, and tells whether it was accepted. */
export function watchGap(login: () => Promise<boolean>, signal: AbortSignal): GapWatch {
  let over = false;
  let givenUp = false;
  let endedAt = 0;
  const seen = { gapMs: 0, refused: 0, logins: 0 };
  let lastSuccess = Date.now();
  const done = (async () => {
    while (!signal.aborted && !givenUp) {
      const asked = Date.now();
      const accepted = await login().catch(() => false);
      seen.logins += 1;
      if (accepted) {
        seen.gapMs = Math.max(seen.gapMs, Date.now() - lastSuccess);
        lastSuccess = Date.now();
      } else {
        seen.refused += 1;
      }
      if (over && ((accepted && asked >= endedAt) || asked - endedAt > endWithinMs)) return;
      await wait(pauseMs);
    }
  })();
  return {
    async end() {
      endedAt = Date.now();
      over = true;
      await done;
      return { ...seen };
    },
    /** Whatever became of what it was to watch: nobody logs in after that. */
    async [Symbol.asyncDispose]() {
      givenUp = true;
      await done;
    },
  };
}
