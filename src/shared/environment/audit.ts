import { nearest } from '../nearest.ts';
import type { ComposeReference } from './compose-references.ts';
import { hasSecretName, looksDefault } from './default-looking.ts';
import type { DotenvEntry, DotenvFile } from './dotenv.ts';
import { interpolate } from './interpolation.ts';
import { missingVariables } from './missing.ts';
import { type DeclaredVariable, type DeclaredVariables, declaredVariable } from './variables.ts';

type FindingKind =
  | 'missing-required'
  | 'missing-secret'
  | 'unknown'
  | 'duplicate'
  | 'conflicting'
  | 'unexpanded'
  | 'default-looking'
  | 'stale-derived'
  /** A line that docker compose would refuse. */
  | 'unreadable';

/** Something that is wrong with an environment file. Never a value. */
export interface EnvironmentFinding {
  readonly kind: FindingKind;
  readonly variable: string;
  readonly line?: number;
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly fix: string;
}

/** How a secret variable's value in the file compares with the secret store. */
export type StoredState = 'current' | 'older' | 'other';

export interface EnvironmentAudit {
  readonly declared: DeclaredVariables;
  /** What people call the file. */
  readonly fileName: string;
  readonly file: DotenvFile;
  /** What the compose files take from the environment. */
  readonly references: readonly ComposeReference[];
  /** For secret variables that have a value in the file and in the store. */
  readonly stored?: ReadonlyMap<string, StoredState>;
}

/** Everything that is wrong with an environment file, in the order of its lines, what is missing last. */
export function auditEnvironment(audit: EnvironmentAudit): readonly EnvironmentFinding[] {
  const view = createView(audit);
  return [
    ...audit.file.problems.map(unreadable),
    ...repeated(view),
    ...[...view.effective.values()].flatMap((entry) => auditEntry(view, entry)),
    ...missingVariables(view),
  ].sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
}

/** An audit with the file's assignments by name. */
export interface EnvironmentView extends EnvironmentAudit {
  /** The last assignment of each name: the one that docker compose uses. */
  readonly effective: ReadonlyMap<string, DotenvEntry>;
  lookup(name: string): string | undefined;
}

function createView(audit: EnvironmentAudit): EnvironmentView {
  const effective = new Map(audit.file.entries.map((entry) => [entry.name, entry]));
  return { ...audit, effective, lookup: (name) => effective.get(name)?.value };
}

const unreadable = ({ line, what }: { line: number; what: string }): EnvironmentFinding => ({
  kind: 'unreadable',
  variable: '',
  line,
  severity: 'error',
  what: `docker compose cannot read line ${line}: ${what}`,
  fix: 'write NAME=value, with a value that has spaces, # or $ in single quotes',
});

function repeated({ file, fileName, effective }: EnvironmentView): EnvironmentFinding[] {
  return file.entries.flatMap((entry): EnvironmentFinding[] => {
    const last = effective.get(entry.name);
    if (!last || last === entry) return [];
    const about = { variable: entry.name, line: entry.line };
    const place = `${fileName}:${last.line}`;
    if (last.value === entry.value) {
      const what = `${entry.name} stands again on ${place}, with the same value`;
      return [
        {
          ...about,
          kind: 'duplicate',
          severity: 'warning',
          what,
          fix: `remove line ${entry.line}`,
        },
      ];
    }
    const what = `${entry.name} has another value on ${place}, and docker compose takes that one`;
    const fix = `remove line ${entry.line} or line ${last.line}`;
    return [{ ...about, kind: 'conflicting', severity: 'error', what, fix }];
  });
}

function auditEntry(view: EnvironmentView, entry: DotenvEntry): EnvironmentFinding[] {
  const variable = declaredVariable(view.declared, entry.name);
  const findings = [...unexpanded(view, entry)];
  if (!variable && !view.references.some(({ name }) => name === entry.name)) {
    findings.push(unknown(view, entry));
  }
  if (variable?.derive !== undefined) findings.push(...derived(view, entry, variable));
  else findings.push(...defaultLooking(entry, variable));
  if (variable?.secret) findings.push(...againstStore(view, entry));
  return findings;
}

function unexpanded(view: EnvironmentView, entry: DotenvEntry): EnvironmentFinding[] {
  const above = (name: string) =>
    view.file.entries.some((other) => other.name === name && other.line < entry.line);
  const missing = entry.references.filter(({ name, need }) => need !== 'optional' && !above(name));
  return [...new Set(missing.map(({ name }) => name))].map((name) => {
    const later = view.effective.get(name);
    const place = later
      ? `only set further down, on line ${later.line}`
      : 'set nowhere in this file';
    return {
      kind: 'unexpanded',
      variable: entry.name,
      line: entry.line,
      severity: 'error',
      what: `${entry.name} refers to ${name}, which is ${place}; docker compose puts nothing in its place`,
      fix: later
        ? `move ${name} above line ${entry.line}`
        : `set ${name} above line ${entry.line}, or write "$$" for a plain dollar sign`,
    };
  });
}

function unknown(
  { declared, references }: EnvironmentView,
  { name, line }: DotenvEntry,
): EnvironmentFinding {
  const suggestion = nearest(name, [
    ...Object.keys(declared),
    ...references.map((known) => known.name),
  ]);
  return {
    kind: 'unknown',
    variable: name,
    line,
    severity: 'warning',
    what: `${name} is neither declared in the platform file nor used by a compose file`,
    fix:
      suggestion === undefined
        ? `remove line ${line}, or declare ${name} in the platform file`
        : `rename it to ${suggestion} if that is meant, or remove line ${line}`,
  };
}

function derived(
  view: EnvironmentView,
  entry: DotenvEntry,
  variable: DeclaredVariable,
): EnvironmentFinding[] {
  const expected = interpolate(variable.derive ?? '', view.lookup).value;
  if (entry.value === expected) return [];
  const about = { variable: entry.name, line: entry.line, severity: 'error' } as const;
  // Empty or made of references: an earlier template. A plain value was put there by a person.
  if (!entry.value || entry.references.length > 0) {
    const what = `${entry.name} is not what the platform file derives it to be`;
    return [{ ...about, kind: 'stale-derived', what, fix: 'deploy writes it anew' }];
  }
  return [
    {
      ...about,
      kind: 'conflicting',
      what: `${entry.name} is set by hand to something else than the platform file derives it to be`,
      fix: `remove line ${entry.line}, or give ${entry.name} a default instead of derive in the platform file`,
    },
  ];
}

function defaultLooking(
  entry: DotenvEntry,
  variable: DeclaredVariable | undefined,
): EnvironmentFinding[] {
  const isSecret = variable?.secret !== undefined;
  if (!isSecret && !hasSecretName(entry.name)) return [];
  if (entry.value === undefined || !looksDefault(entry.name, entry.value)) return [];
  return [
    {
      kind: 'default-looking',
      variable: entry.name,
      line: entry.line,
      severity: isSecret ? 'error' : 'warning',
      what: `${entry.name} has a value that everybody knows`,
      fix: isSecret
        ? `empty line ${entry.line} to have a value generated; where data exist, change the password there first`
        : `choose another value for ${entry.name}`,
    },
  ];
}

function againstStore(
  { stored }: EnvironmentView,
  { name, line }: DotenvEntry,
): EnvironmentFinding[] {
  const state = stored?.get(name);
  const about = { variable: name, line, severity: 'error' } as const;
  if (state === 'older') {
    const what = `${name} holds an older version than the secret store`;
    return [{ ...about, kind: 'missing-secret', what, fix: 'deploy writes the current version' }];
  }
  if (state === 'other') {
    const what = `${name} holds another value than the secret store, which knows what the data were made with`;
    return [
      {
        ...about,
        kind: 'conflicting',
        what,
        fix: `empty line ${line} to get the stored value back`,
      },
    ];
  }
  return [];
}
