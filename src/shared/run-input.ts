import type { DefinitionFile, ParamDefinition } from './definition-file.ts';
import { durationMs } from './duration-ms.ts';
import { type RunbookError, refuse } from './errors.ts';
import { inputUnfitness } from './input-unfitness.ts';
import { didYouMean } from './nearest.ts';
import { type ParamValue, type PlatformNames, paramExpectation, paramProblem } from './params.ts';
import { platformProblem } from './platform-problem.ts';
import { checkAgainst, describeValue, formatPath, type Problem } from './problems.ts';
import {
  exampleRequest,
  type OnFailure,
  type ParkThen,
  type RunRequest,
  RunRequestSchema,
  type Trigger,
} from './run-request.ts';

/** A run's input with every default filled in. */
export interface FilledRequest {
  readonly platform: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly options: {
    readonly plan: boolean;
    readonly planDigest?: string;
    readonly onFailure: OnFailure;
    /** How long a parked step waits for a decision; for ever when absent. */
    readonly park?: { readonly timeoutMs: number; readonly action: ParkThen };
    readonly outsideWindow?: string;
    readonly from?: string;
  };
  readonly meta: {
    readonly by?: string;
    readonly reason?: string;
    readonly ticket?: string;
    readonly retryOf?: string;
    readonly trigger: Trigger;
  };
}

/** What a run's input is checked against. */
export interface RequestContext {
  readonly definition: DefinitionFile;
  /** Names of the platforms that the worker knows. */
  readonly platforms: readonly string[];
  readonly defaultPlatform?: string | undefined;
  /** What is wrong with platform files whose platforms the worker does not know therefore. */
  readonly unread?: readonly string[];
  /** What a platform that the worker knows consists of. */
  readonly namesOf?: (platform: string) => PlatformNames;
  /** Nobody waits for a scheduled run, so unless it says so it does not wait for anybody either. */
  readonly scheduled?: boolean;
}

/** Checks what somebody started a run with and fills in defaults. Throws `RB_INPUT_INVALID` with every problem. */
export function checkRunRequest(input: unknown, context: RequestContext): FilledRequest {
  const given = input === undefined ? {} : input;
  const unfit = inputUnfitness(given);
  if (unfit.length > 0) throw invalidInput(unfit);
  const checked = checkAgainst(RunRequestSchema, given);
  if ('problems' in checked) {
    const partial = given as { platform?: unknown; params?: unknown };
    throw invalidInput([...checked.problems, ...valueProblems(partial, context)]);
  }
  const request = checked.value;
  const problems = [...valueProblems(request, context), ...parkProblems(request, context)];
  const platform = request.platform ?? context.defaultPlatform;
  if (problems.length > 0 || platform === undefined) throw invalidInput(problems);
  return fill(request, platform, context);
}

function fill(
  request: RunRequest,
  platform: string,
  { definition, scheduled }: RequestContext,
): FilledRequest {
  const { by, reason, ticket, retryOf, trigger = 'ui' } = request.meta ?? {};
  const { plan = false, planDigest, outsideWindow, from } = request.options ?? {};
  const onFailure = onFailureOf(request, definition, scheduled);
  const park = parkOf(request, definition);
  return {
    platform,
    params: Object.fromEntries(
      Object.entries(definition.params).flatMap(([name, param]) => {
        const value = request.params?.[name] ?? param.default;
        return value === undefined ? [] : [[name, value as ParamValue]];
      }),
    ),
    options: {
      plan,
      onFailure,
      ...(park === undefined || onFailure !== 'park' ? {} : { park }),
      ...(planDigest === undefined ? {} : { planDigest }),
      ...(outsideWindow === undefined ? {} : { outsideWindow }),
      ...(from === undefined ? {} : { from }),
    },
    meta: {
      trigger,
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
      ...(retryOf === undefined ? {} : { retryOf }),
    },
  };
}

function onFailureOf(
  { options }: RunRequest,
  definition: DefinitionFile,
  scheduled: boolean | undefined,
): OnFailure {
  if (options?.onFailure !== undefined) return options.onFailure;
  const waitsForEver = definition.park === undefined && options?.parkTimeout === undefined;
  return scheduled && definition.onFailure === 'park' && waitsForEver
    ? 'undo'
    : definition.onFailure;
}

/** Who gives only a time gets what the runbook says of the end of a park, else of a stop. */
function parkOf(
  { options }: RunRequest,
  { park, onCancel }: DefinitionFile,
): FilledRequest['options']['park'] {
  const timeout = options?.parkTimeout ?? park?.timeout;
  if (timeout === undefined) return undefined;
  const action = park?.then ?? (onCancel === 'undo' ? 'undo' : 'abort');
  return { timeoutMs: durationMs(timeout), action };
}

function parkProblems(
  request: RunRequest,
  { definition, scheduled }: RequestContext,
): readonly Problem[] {
  const onFailure = onFailureOf(request, definition, scheduled);
  const { parkTimeout } = request.options ?? {};
  if (parkTimeout !== undefined && onFailure !== 'park') {
    const text = `expected none unless onFailure is "park" (it is "${onFailure}"), got "${parkTimeout}"`;
    return [at(['options', 'parkTimeout'], text)];
  }
  if (scheduled && onFailure === 'park' && parkOf(request, definition) === undefined) {
    const text = 'expected a time-out such as "4h" for a scheduled run that parks, got nothing';
    return [at(['options', 'parkTimeout'], text)];
  }
  return [];
}

/** Platform and parameters, checked even when another part of the input is wrong: one refusal says it all. */
function valueProblems(
  { platform, params }: { readonly platform?: unknown; readonly params?: unknown },
  context: RequestContext,
): Problem[] {
  const wrong = platformProblem(platform, context);
  const problems = wrong === undefined ? [] : [wrong];
  if (
    params !== undefined &&
    (typeof params !== 'object' || params === null || Array.isArray(params))
  ) {
    return problems;
  }
  const name = platform ?? context.defaultPlatform;
  const known = typeof name === 'string' && context.platforms.includes(name);
  const names = known ? context.namesOf?.(name) : undefined;
  return [...problems, ...paramProblems(params ?? {}, context.definition.params, names)];
}

/** What a runbook would say of these parameters; paths start with `params`. */
export function paramProblems(
  params: object,
  definitions: DefinitionFile['params'],
  known?: PlatformNames,
): Problem[] {
  const names = Object.keys(definitions);
  const unknown = Object.keys(params).filter((name) => !names.includes(name));
  const given = new Map<string, unknown>(Object.entries(params));
  return [
    ...unknown.map((name): Problem => {
      const words =
        didYouMean(name, names) ||
        (names.length === 0 ? ' (this runbook has none)' : `: ${names.join(', ')}`);
      return {
        path: ['params', name],
        at: 'key',
        text: `expected a known parameter${words}, got ${describeValue(name)}`,
      };
    }),
    ...Object.entries(definitions).flatMap(([name, definition]) => {
      const value = given.get(name);
      if (value === undefined) {
        if (definition.default !== undefined) return [];
        return [at(['params', name], `expected ${paramExpectation(definition)}, got nothing`)];
      }
      const text = paramProblem(definition, value, known) ?? clash(definition, value, given);
      return text === undefined ? [] : [at(['params', name], text)];
    }),
  ];
}

/** Two parameters of which each would say alone what the run is about. */
function clash(
  definition: ParamDefinition,
  value: unknown,
  given: ReadonlyMap<string, unknown>,
): string | undefined {
  if (definition.type !== 'boolean' || definition.excludes === undefined || value !== true) return;
  const other = given.get(definition.excludes);
  if (!Array.isArray(other) || other.length === 0) return undefined;
  return `expected false beside a list of ${definition.excludes}, got true`;
}

const at = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'value' });

/** How many problems an error spells out. */
const maxListed = 50;

function invalidInput(problems: readonly Problem[]): RunbookError {
  const lines = problems
    .slice(0, maxListed)
    .map(({ path, text }) => `${formatPath(path)}: ${text}`);
  if (problems.length > maxListed) lines.push(`and ${problems.length - maxListed} more`);
  return refuse(
    'RB_INPUT_INVALID',
    problems.length === 1
      ? "the run's input has a problem"
      : `the run's input has ${problems.length} problems`,
    lines.join('\n'),
    `give an object such as ${exampleRequest}`,
  );
}
