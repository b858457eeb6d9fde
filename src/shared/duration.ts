import { z } from 'zod';

/** A duration as people write it: `250ms`, `30s`, `10m`, `2h`. */
export const Duration = z
  .string()
  .regex(/^\d{1,7}(ms|s|m|h)$/, {
    error: ({ input }) =>
      `expected a duration such as "30s" or "10m", got ${JSON.stringify(input)}`,
  })
  .meta({ description: 'How long, for example 250ms, 30s, 10m or 2h.' });
