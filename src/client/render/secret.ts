import { formatStamp } from '../../report/time.ts';
import type { Takes } from '../../shared/credential-schema.ts';
import type { SecretEvent } from '../../shared/secret-history.ts';
import type { SecretConsumer, SecretFacts } from '../../shared/secrets-report.ts';
import { age, dueWords } from './secrets.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** One secret: what it opens, its versions, and who has which of them. */
export function secretLines(secret: SecretFacts, now: Date, width: number, style: Style): string[] {
  const { name, description, versions, consumers } = secret;
  return [
    style.strong(name),
    printable(`  ${description}`),
    ...factLines(secret, now),
    ...(versions.length === 0 ? [] : ['', ...versionTable(secret, now, width, style)]),
    ...(consumers.length === 0 ? [] : ['', ...consumerTable(secret, width, style)]),
  ];
}

function factLines(secret: SecretFacts, now: Date): string[] {
  const { coverage, why, service, kind, type, strategy, lastProof, current } = secret;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['opens', service && `${type} of ${service} (${kind}), ${strategy}`],
    ['covered', coverage === 'covered' ? undefined : `no: ${why}`],
    ['current', current ?? 'none; a deploy makes the first one'],
    ['due', coverage === 'covered' && current ? dueWords(secret, now) : undefined],
    ['proved', lastProof && proofWords(lastProof)],
  ];
  return facts.flatMap(([key, words]) =>
    words === undefined ? [] : [`  ${key.padEnd(8)} ${printable(words)}`],
  );
}

const proofWords = ({ at, run, facts }: SecretEvent) =>
  [formatStamp(at), ...(facts?.by === undefined ? [] : [`${facts.by}`]), `in ${run}`].join(', ');

function versionTable({ versions }: SecretFacts, now: Date, width: number, style: Style) {
  const rows = versions.map(({ version, label, login, mintedAt, fingerprint }) => [
    ...[version, label ?? 'older', login ?? '-'],
    ...[age(mintedAt, now), fingerprint],
  ]);
  return table(['VERSION', 'STATE', 'LOGIN', 'AGE', 'FINGERPRINT'], rows, width, style);
}

function consumerTable({ consumers, current }: SecretFacts, width: number, style: Style) {
  const rows = consumers.map(({ name, uid, takes, has }) => [
    ...[name, String(uid), takesWords(takes), hasWords(has, current)],
  ]);
  return table(['CONSUMER', 'UID', 'TAKES', 'HAS'], rows, width, style);
}

function takesWords(takes: Takes): string {
  if (typeof takes === 'string') return takes;
  return 'signal' in takes ? `signal ${takes.signal}` : `command ${takes.command.join(' ')}`;
}

function hasWords(has: SecretConsumer['has'], current: string | undefined): string {
  if (has === 'foreign') return 'foreign: a value that the store does not know';
  return has === current || has === 'missing' ? has : `${has}, which is not current`;
}

/** What happened, the oldest first. */
export function historyTable(
  events: readonly SecretEvent[],
  width: number,
  style: Style,
): string[] {
  const rows = events.map(({ at, version, event, run, facts }) => [
    ...[formatStamp(at), version, event, run],
    Object.entries(facts ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ]);
  return table(['AT', 'VERSION', 'EVENT', 'RUN', 'FACTS'], rows, width, style, ['RUN']);
}
