import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunbookError, refuse } from '../shared/errors.ts';

/** No space, no free inode, or a quota that is used up. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/**
 * A disk that is full, or read-only, in words that help; every other error as it is. `path` is what was to be written,
 * for the errors of the system that do not name it.
 */
export function writeFailureOr(error: unknown, path?: string): unknown {
  if (!(error instanceof Error) || error instanceof RunbookError) return error;
  const { code = '', path: named } = error as NodeJS.ErrnoException;
  const place = path ?? named;
  if (fullCodes.has(code)) return diskFull(code, place);
  return code === 'EROFS' ? notWritable(code, place && dirname(place)) : error;
}

/** Throws where files of a folder cannot be made or replaced; leaves no trace. One that is not there yet may be made. */
export async function requireWritable(directory: string): Promise<void> {
  await access(directory, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw notWritable(code, directory);
  });
}

const diskFull = (code: string, place: string | undefined) =>
  new RunbookError(
    'RB_DISK_FULL',
    place === undefined
      ? 'a disk of the worker is full'
      : `the disk that holds ${dirname(place)} is full`,
    {
      why: `${code}: there is no room for a file that has to be written; none is left half written`,
      fix: 'free space there (also inodes: `df -h`, `df -i`), then retry',
    },
  );

const notWritable = (code: string, directory: string | undefined) =>
  refuse(
    'RB_NOT_WRITABLE',
    `${directory ?? 'a folder of the worker'} cannot be written`,
    `${code}: ${code === 'EROFS' ? 'its file system is read-only' : "the worker's user may not"}`,
    'make it writable for the worker (the log of the kernel says why a disk became read-only), then retry',
  );
