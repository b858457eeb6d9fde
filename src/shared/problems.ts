import type { z } from 'zod';
import { didYouMean } from './nearest.ts';

type Path = readonly PropertyKey[];

/** One thing that is wrong with what somebody wrote: where, and `expected ..., got ...`. */
export interface Problem {
  readonly path: Path;
  readonly text: string;
  /** Whether the key or the value at the path is wrong; a file's line is chosen by it. */
  readonly at: 'key' | 'value';
}

/** Keys that would change an object's prototype or hide its constructor: no file or input needs them. */
export const prototypeKeys: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);

/** Every problem of `value` under the schema, or the value with its defaults filled in. */
export function checkAgainst<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { value: T } | { problems: readonly Problem[] } {
  const validKeys = new Map<readonly string[], readonly string[]>();
  const result = schema.safeParse(value, {
    reportInput: true,
    // Only here the schema that raised an issue is at hand: it knows which keys would have been valid.
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') validKeys.set(issue.keys, keysOf(issue.inst));
      return undefined;
    },
  });
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, validKeys)) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  validKeys: ReadonlyMap<readonly string[], readonly string[]>,
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const valid = validKeys.get(issue.keys) ?? [];
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      at: 'key',
      text: `expected ${knownKeys(key, valid)}, got ${describeValue(key)}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues;
    return [{ path: issue.path, at: 'key', text: first ? textOf(first) : 'expected another key' }];
  }
  return [{ path: issue.path, at: 'value', text: textOf(issue) }];
}

function knownKeys(key: string, valid: readonly string[]): string {
  const suggestion = didYouMean(key, valid);
  if (suggestion !== '') return `a known key${suggestion}`;
  return valid.length === 0 ? 'no further keys' : `one of the keys ${valid.join(', ')}`;
}

function textOf(issue: z.core.$ZodIssue): string {
  const given = describeValue(issue.input);
  // A schema's own message is a whole sentence already; it may leave out what was given.
  if (issue.message.startsWith('expected ')) {
    return issue.message.includes(', got ') ? issue.message : `${issue.message}, got ${given}`;
  }
  return `expected ${expectation(issue)}, got ${given}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values, issue.input);
    case 'invalid_union':
      return unionExpectation(issue);
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      if (issue.format === 'date') return 'a date such as "2026-12-31"';
      return issue.format === 'regex' && issue.pattern
        ? `text like ${issue.pattern}`
        : `a valid ${issue.format}`;
    default:
      return `another value (${issue.message})`;
  }
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options, undefined);
  const choices = issue.errors.flatMap((errors) => errors.slice(0, 1)).map(expectation);
  return [...new Set(choices)].join(' or ');
}

/** The choices in words; the nearest one first in mind when the given one is a slip of the pen. */
export function oneOf(values: readonly unknown[], given: unknown): string {
  const words = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  const suggestion =
    typeof given === 'string'
      ? didYouMean(
          given,
          values.filter((value) => typeof value === 'string'),
        )
      : '';
  return `${words.length === 1 ? '' : 'one of '}${words.join(', ')}${suggestion}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };
const unitOf = (origin: string) => units[origin] ?? '';

/** A given value in at most a line: containers by kind, text quoted and cut. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  }
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value);
}

/** A path as people write it: `services.postgres.members[1]`; the whole input is `(top)`. */
export function formatPath(path: Path): string {
  if (path.length === 0) return '(top)';
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const word =
        typeof part === 'string' && /^[\w-]{1,80}$/.test(part) ? part : describeValue(String(part));
      return index === 0 ? word : `.${word}`;
    })
    .join('');
}

function keysOf(schema: unknown): readonly string[] {
  const definition = (schema as z.core.$ZodType | undefined)?._zod.def;
  return definition && 'shape' in definition ? Object.keys(definition.shape as object) : [];
}
