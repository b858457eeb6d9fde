import { instant } from '../../report/time.ts';
import type { SecretFacts, SecretVerdict } from '../../shared/secrets-report.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { textWidth } from './text.ts';

/** What is left out, one after the other, where a line would be too wide: `secrets show` tells it. */
const spare = ['CONSUMERS', 'STRATEGY', 'SERVICE', 'KIND'];

/** One line a secret. */
export function secretTable(
  secrets: readonly SecretFacts[],
  now: Date,
  width: number,
  style: Style,
): string[] {
  const columns: Record<string, (secret: SecretFacts) => string> = {
    NAME: ({ name }) => name,
    SERVICE: ({ service }) => service ?? '-',
    KIND: kindWords,
    STRATEGY: ({ coverage, strategy }) => (coverage === 'covered' ? (strategy ?? '-') : '-'),
    AGE: ({ mintedAt }) => age(mintedAt, now),
    DUE: (secret) => dueWords(secret, now),
    VERSION: ({ current }) => current ?? 'none',
    CONSUMERS: ({ consumers }) => consumers.map(({ name }) => name).join(',') || '-',
    'LAST PROOF': ({ lastProof }) =>
      lastProof === undefined ? 'never' : `${age(lastProof.at, now)} ago`,
  };
  const dropped = new Set<string>();
  const drawn = (columnsWide: number) => {
    const shown = Object.entries(columns).filter(([head]) => !dropped.has(head));
    const rows = secrets.map((secret) => shown.map(([, words]) => words(secret)));
    return table(
      shown.map(([head]) => head),
      rows,
      columnsWide,
      style,
      ['NAME'],
    );
  };
  const isTooWide = () => drawn(Number.MAX_SAFE_INTEGER).some((line) => textWidth(line) > width);
  for (const head of spare) if (isTooWide()) dropped.add(head);
  return drawn(width);
}

function kindWords({ coverage, kind, type }: SecretFacts): string {
  if (coverage === 'in-environment') return 'in the environment';
  return coverage === 'covered' ? `${kind}/${type}` : 'not covered';
}

/** When it is due, in days; a rotation takes what is overdue. */
export function dueWords({ dueAt, overdue, coverage }: SecretFacts, now: Date): string {
  const ms = instant(dueAt);
  if (ms === undefined || coverage !== 'covered') return '-';
  return overdue ? `overdue ${days(now.getTime() - ms)}` : `in ${days(ms - now.getTime())}`;
}

/** How long ago in one unit: `12d`, `5h`, `3m`. */
export function age(iso: string | undefined, now: Date): string {
  const ms = instant(iso);
  return ms === undefined ? '-' : days(now.getTime() - ms);
}

function days(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

/** What the table cannot say: what helps, by the names that it helps. */
export function secretHints(secrets: readonly SecretFacts[], strays: readonly string[]): string[] {
  const named = (test: (secret: SecretFacts) => boolean) => secrets.filter(test).map((s) => s.name);
  const foreign = secrets.flatMap(({ name, consumers }) =>
    consumers
      .filter(({ has }) => has === 'foreign')
      .map((consumer) => `${name} (${consumer.name})`),
  );
  const hint = (names: readonly string[], words: string) =>
    names.length === 0 ? [] : [`${words}: ${names.join(', ')}`];
  return [
    ...(secrets.length === 0 ? ['the platform file names no secret'] : []),
    ...hint(
      named(({ coverage, overdue }) => overdue && coverage === 'covered'),
      'overdue, and rotated by runbook start rotate-secrets',
    ),
    ...secrets
      .filter(({ coverage }) => coverage === 'not-covered')
      .map(({ name, why }) => `not covered: ${name}: ${why}`),
    ...hint(
      named(({ coverage }) => coverage === 'in-environment'),
      'in the environment, and moved into files by runbook start migrate-secrets',
    ),
    ...hint(foreign, 'delivered files with a value that the store does not know'),
    ...hint(strays, 'delivered files that nobody asks for'),
  ];
}

/** One line a check, the faults marked in words. */
export function verdictTable(
  verdicts: readonly SecretVerdict[],
  width: number,
  style: Style,
): string[] {
  const rows = verdicts.flatMap(({ name, coverage, checks }) => [
    ...checks.map(({ what, ok, words }) => [name, ok ? 'ok' : 'wrong', `${what} ${words}`]),
    ...(coverage === 'covered'
      ? []
      : [[name, '-', coverage === 'in-environment' ? 'is in the environment' : 'is not covered']]),
  ]);
  return table(['NAME', 'STATE', 'FOUND'], rows, width, style, ['NAME']);
}
