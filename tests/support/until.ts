import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there; fails with the last answer or error when the deadline has passed. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  deadlineMs = 15_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (let last: unknown; ; await delay(50)) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const seen = last instanceof Error ? last.message : String(last);
      throw new Error(`not within ${deadlineMs} ms: ${what} (last: ${seen})`);
    }
  }
}
