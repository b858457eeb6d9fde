import { shellWord } from './markdown-text.ts';

/** Parameters as the flags of a start that repeats them, each with a space before it. */
export function setFlags(params: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(params)
    .map(([name, value]) => ` --set ${shellWord(`${name}=${textOf(value)}`)}`)
    .join('');
}

/** A list as `--set` reads it. */
const textOf = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value));
