import { literalPattern } from '../../shared/literal-pattern.ts';
import type { MigratedSecret, Migration } from '../../shared/secrets/migration.ts';

/** A place that was looked at; one without a service is a file. */
export interface Looked {
  readonly place: string;
  readonly service?: string;
  readonly text: string;
}

/**
 * Whether a secret that has moved still stands at a place. Most values can be there for this reason only, so they are
 * looked for as such. One that may well stand there for another is looked for beside the names that it had.
 */
export function isLeft(
  looked: Looked,
  secret: MigratedSecret,
  value: string,
  { moves }: Pick<Migration, 'moves'>,
): boolean {
  const { service, text } = looked;
  const own = moves.filter((move) => move.secret === secret.name);
  const here = own.filter((move) => move.service === service).map(({ variable }) => variable);
  // One that stays somewhere may be seen in the files, and in every service that has not moved.
  if (secret.left.length > 0 && here.length === 0) return false;
  if (!mayBeOther(secret, value, service)) {
    return [...forms(value), ...inBase64(value)].some((form) => text.includes(form));
  }
  const everywhere = [secret.source ?? [], own.map(({ variable }) => variable)].flat();
  return isNamed(text, service === undefined ? everywhere : here, value);
}

/** A word such as `postgres` names images and users too; another secret has the same value; a part of it stays here. */
function mayBeOther(
  { left, twins }: MigratedSecret,
  value: string,
  service: string | undefined,
): boolean {
  if (value.length < 12 || !/\d/.test(value) || twins !== undefined) return true;
  return left.some(({ what }) => !what.includes('/') || what.split('/', 1)[0] === service);
}

/** `NAME=value` and `NAME: value`, quoted or not, also within JSON. */
function isNamed(text: string, names: readonly string[], value: string): boolean {
  if (names.length === 0) return false;
  const [name, own] = [names, forms(value)].map((all) => all.map(literalPattern).join('|'));
  const quote = `\\\\?["']?`;
  return new RegExp(
    `(?<!\\w)(?:${name})${quote}\\s*[=:]\\s*${quote}(?:${own})(?=$|[\\0\\s"'\\\\,;&#}\\]])`,
    'm',
  ).test(text);
}

/** As it is, and as JSON and URLs carry it. */
const forms = (value: string): readonly string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  ...(value.isWellFormed() ? [encodeURIComponent(value)] : []),
];

/**
 * What of a value shows in base64 whatever stands before and after it, such as the user of an `Authorization` header:
 * three bytes are four characters, so it begins at one of three places, and those that share a character are left out.
 */
function inBase64(value: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const whole = bytes.length - (bytes.length % 3);
    const text = bytes
      .subarray(0, whole)
      .toString('base64')
      .slice(before === 0 ? 0 : 4);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
