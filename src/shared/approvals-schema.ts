import { z } from 'zod';
import { Duration } from './duration.ts';
import { isDurationWithin } from './duration-ms.ts';
import { limits } from './limits.ts';
import { Name } from './name.ts';

/** A name as people give it with `--by`: `ann`, `ann@ops-1` or an address. */
const Person = z
  .string()
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._+-]*(@[\p{L}\p{N}][\p{L}\p{N}._-]*)?$/u, {
    error: ({ input }) =>
      `expected a name such as "ann" or "ann@example.org", got ${JSON.stringify(input)}`,
  });

const { leastMs, mostMs } = limits.approvalExpiry;

const Expiry = Duration.refine((text) => isDurationWithin(text, leastMs, mostMs), {
  error: 'expected an expiry from 10s to 720h',
});

/** Who approves what, how many of them, and for how long a run waits for it. */
export const Approvals = z.strictObject({
  groups: z.record(Name, z.array(Person).min(1).max(50)).default({}),
  /** People and groups; anybody without it. */
  approvers: z.array(Person).min(1).max(50).optional(),
  /** How many different people have to approve. */
  required: z.int().min(1).max(10).default(1),
  /** Whether whoever started a run counts among them. */
  starterMayApprove: z.boolean().default(false),
  expiresAfter: Expiry.default('8h'),
  /** What becomes of what was done when nobody approves in time; without it as the run's `onFailure` says. */
  onExpiry: z.enum(['undo', 'abort']).optional(),
  /** Runs that need an approval before they begin, whatever started them. */
  always: z
    .strictObject({
      runbooks: z.array(Name).max(100).default([]),
      /** Of the runbook, as its definition says. */
      risks: z
        .array(z.enum(['reversible', 'irreversible']))
        .max(2)
        .default([]),
    })
    .prefault({}),
});
export type Approvals = z.infer<typeof Approvals>;
