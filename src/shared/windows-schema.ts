import { z } from 'zod';
import { didYouMean } from './nearest.ts';
import { isTimeZone } from './wall-clock.ts';
import { windowDays } from './windows.ts';

const Timezone = z
  .string()
  .max(64)
  .refine(isTimeZone, {
    error: ({ input }) => {
      const name = String(input);
      const near = didYouMean(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
      return `expected a time zone such as "Europe/Berlin"${near}, got ${JSON.stringify(name)}`;
    },
  });

/** An hour of the day; the end of a day is `24:00` as well as the next day's `00:00`. */
const hour = (pattern: RegExp, example: string) =>
  z.string().regex(pattern, {
    error: ({ input }) => `expected an hour such as "${example}", got ${JSON.stringify(input)}`,
  });

const From = hour(/^([01]\d|2[0-3]):[0-5]\d$/, '22:00');
const To = hour(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '06:00');

/** When the platform may be changed. */
export const Windows = z.strictObject({
  timezone: Timezone,
  open: z
    .array(
      z.strictObject({
        days: z.array(z.enum(windowDays)).min(1).max(7),
        from: From.default('00:00'),
        to: To.default('24:00'),
      }),
    )
    .min(1)
    .max(50),
});
