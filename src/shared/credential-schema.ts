import { z } from 'zod';
import { Duration } from './duration.ts';
import { Name } from './name.ts';

/**
 * How an old and a new value overlap.
 * `dual`: the service knows two at once. `alternating`: two accounts take turns. `single`: the new one ends the old.
 */
export const strategies = ['dual', 'alternating', 'single'] as const;
export type Strategy = (typeof strategies)[number];

/** What becomes of sessions that were opened with the old value. */
const survivorPolicies = ['drain', 'terminate', 'leave'] as const;

const Days = z
  .string()
  .regex(/^[1-9]\d{0,3}d$/, {
    error: ({ input }) => `expected a number of days such as "90d", got ${JSON.stringify(input)}`,
  })
  .meta({ description: 'A number of days, for example 90d.' });

/**
 * How a consumer takes a new value: it reads its file at every use, it is told to read it again, it is restarted,
 * or it reads it at its own next start only, as a one-shot does.
 */
export const Takes = z.union([
  z.enum(['reread', 'restart', 'start']),
  z.strictObject({ signal: z.enum(['HUP', 'USR1', 'USR2']) }),
  /** Runs in its container; exit code 0 means that it was taken. */
  z.strictObject({ command: z.array(z.string().min(1).max(200)).min(1).max(20) }),
]);
export type Takes = z.infer<typeof Takes>;

const Uid = z.int().min(0).max(65_534);

/** One reader of a secret: the uid that owns its copy, and how it takes a new value (`restart`). */
export const Consumer = z.union([
  Uid,
  z.strictObject({ uid: Uid, takes: Takes.default('restart') }),
]);
export type Consumer = z.infer<typeof Consumer>;

/** What a secret opens, and how its value moves. Without it a secret is stored and delivered, never rotated. */
export const Credential = z.strictObject({
  /** The service that accepts it. */
  service: Name,
  /** What kind of account it opens, as the service's kind names it: `role`, `access-key`, ... */
  type: Name,
  /** What else the kind has to know: the name of the role, its database; the kind checks it. */
  account: z.record(z.string().max(64), z.string().max(256)).default({}),
  strategy: z.enum(strategies).default('single'),
  /** Where its consumers reach the service, `haproxy:5432`; proofs go the same way. One of its members when absent. */
  route: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}:\d{1,5}$/, {
      error: ({ input }) =>
        `expected a compose service and its port such as "haproxy:5432", got ${JSON.stringify(input)}`,
    })
    .optional(),
  /** It is due once it is older. */
  maxAge: Days.default('90d'),
  survivors: z.enum(survivorPolicies).default('drain'),
  /** How long `drain` waits for them before it ends them. */
  drainTime: Duration.default('60s'),
});
export type Credential = z.infer<typeof Credential>;

/** What a delivered file holds: the value, or the account's name and the value on two lines. */
export const forms = ['value', 'pair'] as const;

export const uidOf = (consumer: Consumer): number =>
  typeof consumer === 'number' ? consumer : consumer.uid;

export const takesOf = (consumer: Consumer): Takes =>
  typeof consumer === 'number' ? 'restart' : consumer.takes;
