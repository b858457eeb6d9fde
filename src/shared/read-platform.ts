import { approvalProblems } from './approval-problems.ts';
import { credentialProblems } from './credential-problems.ts';
import { interpolate } from './environment/interpolation.ts';
import { declaredVariable, deriveCycle } from './environment/variables.ts';
import { didYouMean } from './nearest.ts';
import { patternProblem } from './patterns.ts';
import { membersOf, type PlatformFile, PlatformFileSchema } from './platform-file.ts';
import type { Problem } from './problems.ts';
import { describeValue } from './problems.ts';
import { parseYamlFile } from './yaml-file.ts';

/**
 * Reads a platform file and checks what its parts say of one another. Throws `RB_FILE_INVALID`. Who knows the kinds
 * of services has them check their own parts.
 */
export function parsePlatformFile(
  text: string,
  fileName: string,
  serviceProblems: (platform: PlatformFile) => readonly Problem[] = () => [],
): PlatformFile {
  return parseYamlFile(text, fileName, PlatformFileSchema, (platform) => [
    ...pathProblems(platform),
    ...memberProblems(platform),
    ...variableProblems(platform),
    ...credentialProblems(platform),
    ...logProblems(platform),
    ...windowProblems(platform),
    ...approvalProblems(platform),
    ...serviceProblems(platform),
  ]);
}

const value = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'value' });
const key = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'key' });

function pathProblems({ environment, secrets }: PlatformFile): Problem[] {
  const problems: Problem[] = [];
  if (environment.file === environment.example) {
    problems.push(
      value(
        ['environment', 'example'],
        'expected another file than environment.file, got the same',
      ),
    );
  }
  if (secrets.directory.split('/').every((part) => part === '' || part === '.')) {
    problems.push(
      value(
        ['secrets', 'directory'],
        `expected a folder of its own, got ${describeValue(secrets.directory)}`,
      ),
    );
  }
  return problems;
}

function memberProblems({ services }: PlatformFile): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(services).flatMap(([name, service]) =>
    membersOf(name, service).flatMap((member, index) => {
      const owner = owners.get(member);
      owners.set(member, owner ?? name);
      if (owner === undefined) return [];
      const path = ['services', name, ...(service.members ? ['members', index] : [])];
      return [
        value(
          path,
          `expected a member of one service, got "${member}", a member of ${owner} already`,
        ),
      ];
    }),
  );
}

const origins = ['default', 'derive', 'secret', 'required'] as const;

function variableProblems({ environment: { variables } }: PlatformFile): Problem[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    const path = ['environment', 'variables', name];
    const given = origins.filter((origin) => variable[origin] !== undefined);
    const problems: Problem[] = [];
    if (given.length > 1) {
      problems.push(
        key(path, `expected at most one of ${origins.join(', ')}, got ${given.join(' and ')}`),
      );
    }
    if (variable.derive === undefined) return problems;
    const template = interpolate(variable.derive, () => 'x');
    const at = [...path, 'derive'];
    if (template.problem !== undefined)
      problems.push(value(at, `expected a template, got ${template.problem}`));
    for (const { name: source } of template.references) {
      if (declaredVariable(variables, source)) continue;
      const suggestion = didYouMean(source, Object.keys(variables));
      problems.push(
        value(at, `expected the names of variables of this file${suggestion}, got \${${source}}`),
      );
    }
    const cycle = deriveCycle(variables, name);
    if (cycle) problems.push(value(at, `expected no circle, got ${cycle.join(' -> ')}`));
    return problems;
  });
}

function logProblems({ logs, services }: PlatformFile): Problem[] {
  const names = Object.keys(services);
  return logs.allow.flatMap((line, index) => {
    const problems: Problem[] = [];
    if (!names.includes(line.service)) {
      const expected = `expected a service of this file${didYouMean(line.service, names)}`;
      problems.push(
        value(['logs', 'allow', index, 'service'], `${expected}, got "${line.service}"`),
      );
    }
    const pattern = patternProblem(line.pattern);
    if (pattern !== undefined) problems.push(value(['logs', 'allow', index, 'pattern'], pattern));
    return problems;
  });
}

function windowProblems({ windows }: PlatformFile): Problem[] {
  return (windows?.open ?? []).flatMap(({ days, from, to }, index) => {
    const path = ['windows', 'open', index];
    const twice = days.findIndex((day, at) => days.indexOf(day) < at);
    return [
      ...(twice < 0
        ? []
        : [value([...path, 'days', twice], `expected each day once, got "${days[twice]}" again`)]),
      // Nobody can say whether it is meant to be the whole day or nothing of it.
      ...(from === to
        ? [
            value(
              [...path, 'to'],
              `expected another hour than from (leave both out for whole days), got "${to}"`,
            ),
          ]
        : []),
    ];
  });
}
