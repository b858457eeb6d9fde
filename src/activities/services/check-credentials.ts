import type { PlatformFile } from '../../shared/platform-file.ts';
import { checkAgainst, describeValue, oneOf, type Problem } from '../../shared/problems.ts';
import type { ServiceKind } from './kind.ts';

/**
 * What the kinds have to say of the accounts that secrets open. A kind that cannot give out other secrets yet says
 * nothing: such a secret is not covered, which is no mistake of the file.
 */
export function credentialKindProblems(
  { secrets, services }: PlatformFile,
  kinds: readonly Pick<ServiceKind, 'kind' | 'credentials'>[],
): readonly Problem[] {
  return Object.entries(secrets.items).flatMap(([name, { credential }]): readonly Problem[] => {
    if (credential === undefined) return [];
    const kind = services[credential.service]?.kind;
    const types = kinds.find((known) => known.kind === kind)?.credentials?.types;
    if (types === undefined) return [];
    const at = ['secrets', 'items', name, 'credential'];
    const type = Object.hasOwn(types, credential.type) ? types[credential.type] : undefined;
    if (type === undefined) {
      const expected = oneOf(Object.keys(types), credential.type);
      return [value([...at, 'type'], expected, credential.type)];
    }
    const checked = checkAgainst(type.account, credential.account);
    const problems = 'problems' in checked ? checked.problems : [];
    return [
      ...problems.map((problem) => ({ ...problem, path: [...at, 'account', ...problem.path] })),
      ...(type.strategies.includes(credential.strategy)
        ? []
        : [value([...at, 'strategy'], oneOf(type.strategies, undefined), credential.strategy)]),
    ];
  });
}

const value = (path: Problem['path'], expected: string, given: string): Problem => ({
  path,
  at: 'value',
  text: `expected ${expected}, got ${describeValue(given)}`,
});
