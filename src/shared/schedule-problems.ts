import type { DefinitionFile } from './definition-file.ts';
import { namesOf, type PlatformFile } from './platform-file.ts';
import { describeValue, oneOf, type Problem } from './problems.ts';
import { paramProblems } from './run-input.ts';
import type { Schedule } from './schedule.ts';

/** What a platform's schedules would fail by: a runbook that is not there, parameters that it does not take. */
export function scheduleProblems(
  platform: PlatformFile,
  definitions: readonly DefinitionFile[],
): readonly Problem[] {
  return Object.entries(platform.schedules).flatMap(([name, schedule]): readonly Problem[] => {
    const { runbook, params } = schedule;
    const definition = definitions.find((candidate) => candidate.name === runbook);
    if (definition === undefined) return [unknownRunbook(name, runbook, definitions)];
    return [
      ...paramProblems(params, definition.params, namesOf(platform)),
      ...parkProblems(schedule, definition),
    ].map((problem) => ({ ...problem, path: ['schedules', name, ...problem.path] }));
  });
}

/** A parked run would keep the next one from starting, so it parks for a time only. */
function parkProblems(
  { onFailure, parkTimeout }: Schedule,
  definition: DefinitionFile,
): readonly Problem[] {
  if (onFailure === 'park' && parkTimeout === undefined && definition.park === undefined) {
    const text = 'expected a time-out such as "4h" beside onFailure "park", got nothing';
    return [{ path: ['parkTimeout'], at: 'value', text }];
  }
  const effective = onFailure ?? definition.onFailure;
  if (parkTimeout === undefined || effective === 'park') return [];
  const text = `expected none unless onFailure is "park" (it is "${effective}"), got "${parkTimeout}"`;
  return [{ path: ['parkTimeout'], at: 'value', text }];
}

function unknownRunbook(
  name: string,
  runbook: string,
  definitions: readonly DefinitionFile[],
): Problem {
  const names = definitions.map((definition) => definition.name);
  const text = `expected ${oneOf(names, runbook)}, got ${describeValue(runbook)}`;
  return { path: ['schedules', name, 'runbook'], at: 'value', text };
}
