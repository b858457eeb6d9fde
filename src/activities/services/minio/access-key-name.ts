import { createHash } from 'node:crypto';

/** MinIO makes no longer ones itself, and some clients take no longer ones. */
const maxLength = 20;
const hashLength = 6;

/**
 * The access key that a version of a user's secret opens, always the same one, so that a repeated `set` finds what the
 * first one made. Letters and digits only; a name that has others, or is too long, is told apart by a hash.
 */
export function accessKeyName(user: string, version: string): string {
  const plain = user.replace(/[^A-Za-z0-9]/g, '');
  if (plain === user && plain.length + version.length <= maxLength) return `${plain}${version}`;
  const hash = createHash('sha256').update(user).digest('hex').slice(0, hashLength);
  return `${plain.slice(0, maxLength - hashLength - version.length)}${hash}${version}`;
}
