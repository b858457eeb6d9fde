import { z } from 'zod';

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
export const Cron = z.string().superRefine((text, context) => {
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
