import { type FileHandle, open } from 'node:fs/promises';
import { hasCode } from '../activities/files.ts';
import { limits } from '../shared/limits.ts';
import { keyFileError } from './errors.ts';

/** The text of a file that only its owner may read; undefined where there is none. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const handle = await openExisting(path);
  if (handle === undefined) return undefined;
  await using opened = handle;
  // Asked of the open file, so that nobody puts another in its place in between.
  const stats = await opened.stat();
  if (!stats.isFile()) throw keyFileError(path, 'is not a file', 'remove it');
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw keyFileError(path, `can be read by others (mode ${mode})`, `chmod 600 ${path}`);
  }
  if (stats.size > limits.codecKeyFileBytes) {
    throw keyFileError(
      path,
      `has ${stats.size} bytes`,
      `at most ${limits.codecKeyFileBytes} can be`,
    );
  }
  return opened.readFile('utf8');
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw keyFileError(path, `cannot be opened: ${why}`, 'make it readable for this user alone');
  }
}
