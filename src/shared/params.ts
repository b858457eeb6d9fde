import type { ParamDefinition } from './definition-file.ts';
import { Duration } from './duration.ts';
import { limits } from './limits.ts';
import { isNamesParam, type NamesParam } from './names-param.ts';
import { matchesWhole } from './patterns.ts';
import { describeValue, oneOf } from './problems.ts';

export type ParamValue = string | number | boolean | readonly string[];

/** What a platform has, by the type of the parameters that name it. */
export type PlatformNames = Readonly<Record<NamesParam, readonly string[]>>;

/**
 * Why a value does not fit a parameter, as `expected ..., got ...`; undefined when it fits. Without the names of
 * the platform they are not looked up.
 */
export function paramProblem(
  param: ParamDefinition,
  value: unknown,
  known?: PlatformNames,
): string | undefined {
  if (isNamesParam(param.type)) return namesProblem(param.type, value, known?.[param.type]);
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
    case 'secrets':
      return listOf(param.type);
  }
}

const examples = { services: '["web", "db"]', secrets: '["postgres-web"]' } as const;
const listOf = (type: NamesParam) =>
  `a list of ${leastNames[type]} to ${limits.fanOutTargets} ${type} such as ${examples[type]}`;
/** No service is no restart; no secret is what is due. */
const leastNames = { services: 1, secrets: 0 } as const;

function namesProblem(
  type: NamesParam,
  value: unknown,
  known?: readonly string[],
): string | undefined {
  const least = leastNames[type];
  if (!Array.isArray(value) || value.length < least || value.length > limits.fanOutTargets)
    return `expected ${listOf(type)}, got ${describeValue(value)}`;
  const names: readonly unknown[] = value;
  const wrong = names.find((name) => typeof name !== 'string' || known?.includes(name) === false);
  if (wrong !== undefined) {
    if (known?.length === 0)
      return `expected none, for the platform file names no ${type}, got ${describeValue(wrong)}`;
    const expected = known === undefined ? `names of ${type}` : oneOf(known, wrong);
    return `expected ${expected}, got ${describeValue(wrong)}`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : `expected each of the ${type} once, got ${describeValue(twice)} again`;
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
