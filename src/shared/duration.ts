import { z } from 'zod';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration as people write it: `250ms`, `30s`, `10m`, `2h`. */
export const Duration = z
  .string()
  .regex(/^\d{1,7}(ms|s|m|h)$/, {
    error: ({ input }) =>
      `expected a duration such as "30s" or "10m", got ${JSON.stringify(input)}`,
  })
  .meta({ description: 'How long, for example 250ms, 30s, 10m or 2h.' });

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(duration: string): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(duration);
  if (!match) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * unitsMs[match[2] as keyof typeof unitsMs];
}
