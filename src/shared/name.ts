import { z } from 'zod';

/** Names that become paths, container names and lock keys: they cannot leave a folder or reach a shell. */
export const Name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, {
    error: ({ input }) =>
      `expected a name of lower-case letters, digits, "-" and "_", got ${JSON.stringify(input)}`,
  });
