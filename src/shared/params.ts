import type { ParamDefinition } from './definition-file.ts';
import { Duration } from './duration.ts';
import { limits } from './limits.ts';
import { matchesWhole } from './patterns.ts';
import { describeValue, oneOf } from './problems.ts';

export type ParamValue = string | number | boolean | readonly string[];

/**
 * Why a value does not fit a parameter, as `expected ..., got ...`; undefined when it fits. Without the services of
 * the platform their names are not looked up.
 */
export function paramProblem(
  param: ParamDefinition,
  value: unknown,
  services?: readonly string[],
): string | undefined {
  if (param.type === 'services') return servicesProblem(value, services);
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
    case 'services':
      return listOfServices;
  }
}

const listOfServices = `a list of 1 to ${limits.fanOutTargets} services such as ["web", "db"]`;

function servicesProblem(value: unknown, known?: readonly string[]): string | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > limits.fanOutTargets)
    return `expected ${listOfServices}, got ${describeValue(value)}`;
  const names: readonly unknown[] = value;
  const wrong = names.find((name) => typeof name !== 'string' || known?.includes(name) === false);
  if (wrong !== undefined) {
    const expected = known === undefined ? 'names of services' : oneOf(known, wrong);
    return `expected ${expected}, got ${describeValue(wrong)}`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : `expected each service once, got ${describeValue(twice)} again`;
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
