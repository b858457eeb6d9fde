import { z } from 'zod';
import { Duration } from './duration.ts';
import { isDurationWithin } from './duration-ms.ts';
import { Name } from './name.ts';
import { onFailureModes, ParkTimeout } from './run-request.ts';
import { isTimeZone } from './wall-clock.ts';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const fields = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  {
    ...{ name: 'month', min: 1, max: 12 },
    names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
  },
  {
    ...{ name: 'day of the week', min: 0, max: 7 },
    names: 'sun mon tue wed thu fri sat'.split(' '),
  },
] as const satisfies readonly Field[];

const part = /^(\*|\w+)(?:-(\w+))?(?:\/([1-9]\d?))?$/;

/** A list of values, ranges and steps, within the bounds of the field. */
function isField(text: string, { min, max, names = [] }: Field): boolean {
  const numberOf = (value: string): number => {
    const named = names.indexOf(value.toLowerCase());
    if (named >= 0) return named + min;
    return /^\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  };
  return text.split(',').every((range) => {
    const [, first, last] = part.exec(range) ?? [];
    if (first === undefined) return false;
    if (first === '*') return last === undefined;
    const [from, to] = [numberOf(first), numberOf(last ?? first)];
    return min <= from && from <= to && to <= max;
  });
}

/** Five fields; the server knows more forms, but these are what every cron table has. */
const Cron = z.string().superRefine((text, context) => {
  const given = text.trim().split(/\s+/);
  const bad = fields.findIndex((field, index) => !isField(given[index] ?? '', field));
  if (given.length === fields.length && bad < 0) return;
  const { name, min, max } = fields[bad] ?? fields[0];
  const what =
    bad < 0
      ? `${fields.length} fields`
      : `${name === 'hour' ? 'an' : 'a'} ${name} ${min}-${max} as field ${bad + 1}`;
  context.addIssue({
    code: 'custom',
    message: `expected ${what}, such as "30 2 * * *", got ${JSON.stringify(text)}`,
  });
});

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
