import type { ParamDefinition } from './definition-file.ts';
import { Duration } from './duration.ts';
import { matchesWhole } from './patterns.ts';
import { describeValue, oneOf } from './problems.ts';

export type ParamValue = string | number | boolean;

/** Why a value does not fit a parameter, as `expected ..., got ...`; undefined when it fits. */
export function paramProblem(param: ParamDefinition, value: unknown): string | undefined {
  const expected = unmetExpectation(param, value);
  return expected === undefined ? undefined : `expected ${expected}, got ${describeValue(value)}`;
}

function unmetExpectation(param: ParamDefinition, value: unknown): string | undefined {
  switch (param.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'duration':
      return Duration.safeParse(value).success ? undefined : 'a duration such as "30s" or "10m"';
    case 'integer':
      return isWithin(param, value) ? undefined : `a whole number${range(param)}`;
    case 'string':
      return unmetText(param, value);
  }
}

type IntegerParam = Extract<ParamDefinition, { type: 'integer' }>;
type StringParam = Extract<ParamDefinition, { type: 'string' }>;

function isWithin({ min, max }: IntegerParam, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

function range({ min, max }: IntegerParam): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function unmetText({ pattern, oneOf: choices }: StringParam, value: unknown): string | undefined {
  if (choices !== undefined && !choices.some((choice) => choice === value))
    return oneOf(choices, value);
  if (typeof value !== 'string') return 'text';
  if (pattern !== undefined && !matchesWhole(pattern, value)) return `text like /${pattern}/`;
  return undefined;
}

/** What a parameter takes, for one that is missing: `a whole number from 1 to 9`. */
export function paramExpectation(param: ParamDefinition): string {
  return unmetExpectation(param, undefined) ?? 'a value';
}
