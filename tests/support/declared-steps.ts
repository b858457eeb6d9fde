import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const runbooks = join(import.meta.dirname, '../../runbooks');

/** The steps that a runbook's definition names, as patterns: a word in capitals stands for a name. */
export function declaredSteps(runbook: string): readonly RegExp[] {
  const { steps } = parse(readFileSync(join(runbooks, `${runbook}.yaml`), 'utf8')) as {
    readonly steps: readonly { readonly id: string }[];
  };
  return steps.map(({ id }) => new RegExp(`^${id.replaceAll(/[A-Z]+/g, '[^/]+')}$`));
}

/** Steps of a run that nobody who reads its definition knows of. */
export function undeclaredSteps(runbook: string, ids: readonly string[]): readonly string[] {
  const declared = declaredSteps(runbook);
  return ids.filter((id) => !declared.some((step) => step.test(id)));
}
