import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { refuse } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { hasCode, writeFileAtomic } from '../files.ts';

/** A copy of a secret for one consumer. */
export interface Delivery {
  readonly secret: string;
  /** The compose service that reads it. */
  readonly consumer: string;
  readonly uid: number;
  readonly path: string;
}

/** A delivery that is not as it should be; `why` is for people and holds no value. */
export interface DeliveryGap extends Delivery {
  /** What the copy should be of; absent while the secret has no value. */
  readonly version?: string;
  readonly why:
    | 'missing'
    | 'another value'
    | 'readable by others'
    | 'wrong mode'
    | 'owned by another user'
    | 'not a plain file';
}

/** What is wrong with a copy; nothing when it is as it should be. */
export async function gapOf(
  { path, uid }: Pick<Delivery, 'path' | 'uid'>,
  content: string | undefined,
): Promise<DeliveryGap['why'] | undefined> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (!stats) return 'missing';
  if (!stats.isFile()) return 'not a plain file';
  if (stats.uid !== uid || stats.gid !== uid) return 'owned by another user';
  if ((stats.mode & 0o077) !== 0) return 'readable by others';
  if ((stats.mode & 0o7777) !== 0o400) return 'wrong mode';
  return (await holds(path, stats, content)) ? undefined : 'another value';
}

async function holds(path: string, stats: Stats, content: string | undefined): Promise<boolean> {
  if (content === undefined || stats.size !== Buffer.byteLength(content)) return false;
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  return (await file.readFile('utf8')) === content;
}

/** What a copy holds, if it is a plain file of a secret's size. */
export async function readCopy(
  path: string,
): Promise<'missing' | 'foreign' | { readonly content: string }> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > limits.fileBytes) return 'foreign';
    return { content: await file.readFile('utf8') };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'missing';
    if (hasCode(error, 'ELOOP')) return 'foreign';
    throw error;
  }
}

/** Writes a copy whole, owned by its consumer's uid. */
export async function writeCopy(delivery: Delivery, path: string, content: string): Promise<void> {
  const { uid } = delivery;
  await writeFileAtomic(path, content, { mode: 0o400, uid, gid: uid }).catch((error: unknown) => {
    throw hasCode(error, 'EPERM') ? cannotGiveAway(delivery) : error;
  });
}

const cannotGiveAway = ({ secret, consumer, uid }: Delivery) =>
  refuse(
    'RB_SECRET_OWNER',
    `the secret ${secret} cannot be handed to ${consumer}`,
    `its file must belong to uid ${uid}, and only root may give files away`,
    'run the worker as root, or let the service run as the uid of the worker',
  );
