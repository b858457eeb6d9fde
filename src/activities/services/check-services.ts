import type { PlatformFile } from '../../shared/platform-file.ts';
import { checkAgainst, describeValue, oneOf, type Problem } from '../../shared/problems.ts';
import { credentialKindProblems } from './check-credentials.ts';
import { noSettings } from './common/settings.ts';
import { kinds } from './registry.ts';

/**
 * What the kinds have to say of a platform file: a kind that nobody knows, settings that it does not take, accounts
 * that it does not have.
 */
export function serviceProblems(platform: PlatformFile): readonly Problem[] {
  return [...settingsProblems(platform), ...credentialKindProblems(platform, kinds)];
}

function settingsProblems({ services }: PlatformFile): readonly Problem[] {
  return Object.entries(services).flatMap(([name, { kind, settings }]): readonly Problem[] => {
    const known = kinds.find((candidate) => candidate.kind === kind);
    if (known === undefined) return [unknownKind(name, kind)];
    const checked = checkAgainst(known.settings ?? noSettings, settings);
    if ('value' in checked) return [];
    return checked.problems.map((problem) => ({
      ...problem,
      path: ['services', name, 'settings', ...problem.path],
    }));
  });
}

function unknownKind(name: string, kind: string): Problem {
  const names = kinds.map((known) => known.kind);
  return {
    path: ['services', name, 'kind'],
    at: 'value',
    text: `expected ${oneOf(names, kind)}, got ${describeValue(kind)}`,
  };
}
