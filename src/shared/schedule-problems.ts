import type { DefinitionFile } from './definition-file.ts';
import type { PlatformFile } from './platform-file.ts';
import { describeValue, oneOf, type Problem } from './problems.ts';
import { paramProblems } from './run-input.ts';

/** What a platform's schedules would fail by: a runbook that is not there, parameters that it does not take. */
export function scheduleProblems(
  { schedules }: PlatformFile,
  definitions: readonly DefinitionFile[],
): readonly Problem[] {
  return Object.entries(schedules).flatMap(([name, { runbook, params }]): readonly Problem[] => {
    const definition = definitions.find((candidate) => candidate.name === runbook);
    if (definition === undefined) return [unknownRunbook(name, runbook, definitions)];
    return paramProblems(params, definition.params).map((problem) => ({
      ...problem,
      path: ['schedules', name, ...problem.path],
    }));
  });
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
