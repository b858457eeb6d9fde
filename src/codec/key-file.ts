import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createFileExclusive, hasCode } from '../activities/files.ts';
import { keyFileError } from './errors.ts';
import { readPrivateFile } from './private-file.ts';

export interface CodecKey {
  /** Follows from the key, so that a damaged line is seen. */
  readonly id: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** Oldest first; the last one encrypts, all of them decrypt. */
export type CodecKeys = readonly [CodecKey, ...CodecKey[]];

const keyBytes = 32;
const header = `# Keys of runbook's payload codec: id, time, AES-256 key. Lines are only ever added; the last
# one encrypts, all of them decrypt. Keep a copy in a safe place: without its key no run can be read.
`;

/** The keys of a file; undefined where there is none. Throws `RB_CODEC_KEY_FILE`. */
export async function readKeys(path: string): Promise<CodecKeys | undefined> {
  const text = await readPrivateFile(path);
  if (text === undefined) return undefined;
  if (!text.endsWith('\n')) throw keyFileError(path, 'ends in the middle of a line', restoreIt);
  const keys = text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    return [parseLine(line) ?? damagedLine(path, index + 1)];
  });
  const [first, ...others] = keys;
  if (first === undefined) throw keyFileError(path, 'holds no key', restoreIt);
  return [first, ...others];
}

/** Makes the file with a first key unless it is there: of several processes one wins, and all get its key. */
export async function makeKeysOnce(path: string): Promise<CodecKeys> {
  const existing = await readKeys(path);
  if (existing !== undefined) return existing;
  await createFileExclusive(path, header + lineOf(makeKey()), { mode: 0o600 }).catch(
    unwritable(path),
  );
  return (await readKeys(path)) ?? damagedLine(path, 1);
}

/**
 * Adds a key, which encrypts from now on. One write at the end of the file: two rotations at once lose
 * nothing, and nobody reads half a line.
 */
export async function addKey(path: string): Promise<CodecKey> {
  if ((await readKeys(path)) === undefined) {
    const keys = await makeKeysOnce(path);
    return keys.at(-1) ?? keys[0];
  }
  const key = makeKey();
  try {
    await using handle = await open(path, constants.O_WRONLY | constants.O_APPEND);
    await handle.write(lineOf(key));
    await handle.sync();
  } catch (error) {
    unwritable(path)(error);
  }
  return key;
}

const restoreIt = 'put back a copy of it; what was encrypted with a lost key stays unreadable';

function makeKey(): CodecKey {
  const bytes = randomBytes(keyBytes);
  return { id: idOf(bytes), madeAt: new Date().toISOString(), bytes };
}

const idOf = (bytes: Buffer) =>
  createHash('sha256').update('runbook codec key id').update(bytes).digest('hex').slice(0, 12);

const lineOf = ({ id, madeAt, bytes }: CodecKey) => `${id} ${madeAt} ${bytes.toString('base64')}\n`;

function parseLine(line: string): CodecKey | undefined {
  const [id = '', madeAt = '', key = '', ...more] = line.split(' ');
  const bytes = Buffer.from(key, 'base64');
  const isWhole = more.length === 0 && bytes.length === keyBytes && idOf(bytes) === id;
  return isWhole ? { id, madeAt, bytes } : undefined;
}

function damagedLine(path: string, line: number): never {
  throw keyFileError(`${path}:${line}`, 'is no key: its parts do not belong together', restoreIt);
}

const unwritable =
  (path: string) =>
  (error: unknown): never => {
    if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR')) throw error;
    const why = error instanceof Error ? error.message : '';
    throw keyFileError(
      path,
      `cannot be written: ${why}`,
      'correct that, or RUNBOOK_CODEC_KEY_FILE',
    );
  };
