import {
  type DefinitionFile,
  DefinitionFileSchema,
  type ParamDefinition,
} from './definition-file.ts';
import { isNamesParam } from './names-param.ts';
import { didYouMean } from './nearest.ts';
import { paramProblem } from './params.ts';
import { patternProblem } from './patterns.ts';
import { describeValue, type Problem } from './problems.ts';
import { parseYamlFile } from './yaml-file.ts';

/** Reads a runbook's definition and checks that its parameters can be met. Throws `RB_FILE_INVALID`. */
export function parseDefinitionFile(text: string, fileName: string): DefinitionFile {
  return parseYamlFile(text, fileName, DefinitionFileSchema, (definition) => [
    ...Object.entries(definition.params).flatMap(([name, param]) =>
      paramProblems(name, param, definition.params),
    ),
    ...repeatedSteps(definition),
  ]);
}

function paramProblems(
  name: string,
  param: ParamDefinition,
  params: DefinitionFile['params'],
): Problem[] {
  const problem = (part: string, text: string): Problem[] => [
    { path: ['params', name, part], at: 'value', text },
  ];
  if (param.type === 'string' && param.pattern !== undefined) {
    const text = patternProblem(param.pattern);
    // A default cannot be held against a pattern that does not compile.
    if (text !== undefined) return problem('pattern', text);
  }
  if (param.type === 'integer' && (param.min ?? -Infinity) > (param.max ?? Infinity)) {
    return problem('min', `expected at most max (${param.max}), got ${param.min}`);
  }
  if (param.type === 'boolean' && param.excludes !== undefined) {
    const lists = Object.keys(params).filter((other) => isNamesParam(params[other]?.type));
    const given = `${describeValue(param.excludes)}${didYouMean(param.excludes, lists)}`;
    if (!lists.includes(param.excludes))
      return problem('excludes', `expected a parameter that lists names, got ${given}`);
  }
  if (param.default === undefined) return [];
  const text = paramProblem(param, param.default);
  return text === undefined ? [] : problem('default', text);
}

function repeatedSteps({ steps }: DefinitionFile): Problem[] {
  const seen = new Set<string>();
  return steps.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [
      {
        path: ['steps', index, 'id'],
        at: 'value' as const,
        text: `expected an id of its own, got "${id}" again`,
      },
    ];
  });
}
