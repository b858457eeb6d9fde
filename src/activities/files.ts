import { randomBytes } from 'node:crypto';
import {
  chmod,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { refuse } from '../shared/errors.ts';
import { writeFailureOr } from './write-failure.ts';

export interface WriteOptions {
  readonly mode: number;
  /** Set together with `gid` before the file appears under its name. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Writes a whole file: its readers see the old content or the new one, also after a power cut.
 * A symbolic link of that name is replaced, not followed.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const temporary = await writeTemporary(path, content, options);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Writes a file only where there is none: of several writers one wins. Tells whether it was this one. */
export async function createFileExclusive(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<boolean> {
  const temporary = await writeTemporary(path, content, options);
  try {
    // A link refuses to replace, where a rename would not.
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
    await syncDirectory(dirname(path));
  }
}

/** Makes a folder of exactly this mode, and its parents; refuses a link or file in its place. */
export async function ensureDirectory(path: string, mode: number): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode });
  const stats = await lstat(path);
  if (!stats.isDirectory()) {
    throw refuse(
      'RB_NOT_A_DIRECTORY',
      `${path} is not a folder`,
      'a link could lead anywhere, so it is not followed',
      `remove ${path}`,
    );
  }
  if ((stats.mode & 0o7777) !== mode) await chmod(path, mode);
  if (made !== undefined) await syncDirectory(dirname(made));
}

/** Makes a rename, link or removal in a folder survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

/** A file's text, or undefined when there is no such file. */
export const readTextIfExists = async (path: string): Promise<string | undefined> =>
  (await readBytesIfExists(path))?.toString();

/** As it is, or undefined when there is no such file. */
export async function readBytesIfExists(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whether a thrown value is a system error of one of the codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

const temporaryMark = '.tmp-';

/** No write takes as long: what is older was left by a process that died. */
const staleAfterMs = 10 * 60_000;

async function writeTemporary(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<string> {
  await removeStaleTemporaries(path);
  const temporary = `${path}${temporaryMark}${randomBytes(6).toString('hex')}`;
  try {
    await using handle = await open(temporary, 'wx', 0o600);
    await fill(handle, content, options);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailureOr(error, path);
  }
  return temporary;
}

async function fill(
  handle: FileHandle,
  content: string | Uint8Array,
  { mode, uid, gid }: WriteOptions,
) {
  await handle.writeFile(content);
  if (uid !== undefined && gid !== undefined) await handle.chown(uid, gid);
  // After the change of owner, which takes bits away, and past the umask.
  await handle.chmod(mode);
  await handle.sync();
}

/** A killed writer leaves its temporary file, possibly with a secret in it. */
async function removeStaleTemporaries(path: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}${temporaryMark}`;
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const stats = await lstat(join(directory, name)).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > staleAfterMs) {
      await rm(join(directory, name), { force: true });
    }
  }
}
