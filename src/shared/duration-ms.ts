// Apart from the schema in duration.ts: workflow code uses it, and a workflow loads all its code at its start.

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** False for a text that is no duration, too. */
export function isDurationWithin(text: string, leastMs: number, mostMs: number): boolean {
  if (!/^\d+(ms|s|m|h)$/.test(text)) return false;
  const ms = durationMs(text);
  return ms >= leastMs && ms <= mostMs;
}

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(duration: string): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(duration);
  if (!match) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * unitsMs[match[2] as keyof typeof unitsMs];
}
