import { randomInt } from 'node:crypto';

/** A seeded shuffle (mulberry32): a run's choice can be repeated from the seed that it prints. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** RUNBOOK_TEST_SEED repeats an earlier choice. */
export function seedOfThisRun(): number {
  const given = process.env.RUNBOOK_TEST_SEED;
  return given ? Number(given) : randomInt(2 ** 31);
}

export const allCases = process.env.RUNBOOK_TEST_ALL === '1';
