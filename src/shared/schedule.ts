import { z } from 'zod';
import { Cron } from './cron.ts';
import { Duration } from './duration.ts';
import { isDurationWithin } from './duration-ms.ts';
import { Name } from './name.ts';
import { onFailureModes, ParkTimeout } from './run-request.ts';
import { isTimeZone } from './wall-clock.ts';

const TimeZone = z.string().refine(isTimeZone, {
  error: ({ input }) =>
    `expected a time zone such as "Europe/Berlin", got ${JSON.stringify(input)}`,
});

/** The server cannot look back for less, and a day late is another day. */
const CatchUp = Duration.refine((text) => isDurationWithin(text, 10_000, 86_400_000), {
  error: 'expected a catch-up from 10s to 24h',
});
const Jitter = Duration.refine((text) => isDurationWithin(text, 0, 3_600_000), {
  error: 'expected a jitter of at most 1h',
});

/** A run that starts by itself. */
export const Schedule = z.strictObject({
  runbook: Name,
  cron: Cron,
  timezone: TimeZone.default('UTC'),
  /** What happens while the run before still goes on. */
  overlap: z.enum(['skip', 'queue-one', 'allow']).default('skip'),
  /** How late a run may start after the server was away; later ones are missed. */
  catchUp: CatchUp.default('10m'),
  /** Spreads starts by up to this long. */
  jitter: Jitter.default('0s'),
  pauseOnFailure: z.boolean().default(false),
  params: z.record(z.string().max(64), z.unknown()).default({}),
  /** Without it as the runbook says. A parked run keeps the next one from starting, so it parks for a time only. */
  onFailure: z.enum(onFailureModes).optional(),
  parkTimeout: ParkTimeout.optional(),
});
export type Schedule = z.infer<typeof Schedule>;

/** The id of a schedule on the server. */
export const scheduleId = (platform: string, name: string): string => `${platform}/${name}`;
