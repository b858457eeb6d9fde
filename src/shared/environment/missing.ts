import type { EnvironmentFinding, EnvironmentView } from './audit.ts';
import { type ComposeReference, strictest } from './compose-references.ts';
import { declaredVariable } from './variables.ts';

/** What the platform file or a compose file needs and the environment file does not set. */
export function missingVariables(view: EnvironmentView): EnvironmentFinding[] {
  const findings: EnvironmentFinding[] = [];
  for (const [name, variable] of Object.entries(view.declared)) {
    if (view.lookup(name)) continue;
    const line = view.effective.get(name)?.line;
    const about = {
      variable: name,
      ...(line === undefined ? {} : { line }),
      severity: 'error',
    } as const;
    if (variable.secret) {
      const what = `${name} has no value`;
      findings.push({ ...about, kind: 'missing-secret', what, fix: 'deploy generates it' });
    } else if (variable.required) {
      const place = placeOfNeed(view, name);
      const what = `${name} has no value: ${variable.description}${place && ` (${place})`}`;
      findings.push({
        ...about,
        kind: 'missing-required',
        what,
        fix: `set ${name} in the environment file`,
      });
    }
  }
  return [...findings, ...missingForCompose(view)];
}

/** Where a compose file cannot do without the variable; empty when none needs it. */
function placeOfNeed({ references }: EnvironmentView, name: string): string {
  const reference = strictest(references).find((candidate) => candidate.name === name);
  return reference && reference.need !== 'optional' ? needWords(reference) : '';
}

const needWords = ({ place, need }: ComposeReference) =>
  `${place} ${need === 'must' ? 'requires' : 'takes'} it`;

/** Set by docker compose itself, or by every shell that it is started from. */
export const alwaysSet: ReadonlySet<string> = new Set([
  'COMPOSE_PROJECT_NAME',
  'HOME',
  'PATH',
  'PWD',
  'USER',
]);

function missingForCompose(view: EnvironmentView): EnvironmentFinding[] {
  return strictest(view.references).flatMap((reference): EnvironmentFinding[] => {
    const { name, need } = reference;
    const isKnown =
      view.effective.has(name) || declaredVariable(view.declared, name) || alwaysSet.has(name);
    if (isKnown || need === 'optional') return [];
    return [
      {
        kind: 'missing-required',
        variable: name,
        severity: need === 'must' ? 'error' : 'warning',
        what: `${name} is set nowhere, and ${needWords(reference)}`,
        fix: `declare ${name} in the platform file, or set it in the environment file`,
      },
    ];
  });
}
