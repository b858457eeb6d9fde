import { dirname } from 'node:path';
import { RunbookError } from '../shared/errors.ts';

/** No space, no free inode, or a quota that is used up. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/**
 * A full disk in words that help; every other error as it is. `path` is what was to be written, for the errors of
 * the system that do not name it.
 */
export function diskFullOr(error: unknown, path?: string): unknown {
  if (!(error instanceof Error) || error instanceof RunbookError) return error;
  const { code, path: named } = error as NodeJS.ErrnoException;
  if (code === undefined || !fullCodes.has(code)) return error;
  const place = path ?? named;
  const what =
    place === undefined
      ? 'a disk of the worker is full'
      : `the disk that holds ${dirname(place)} is full`;
  return new RunbookError('RB_DISK_FULL', what, {
    why: `${code}: there is no room for a file that has to be written; none is left half written`,
    fix: 'free space there (also inodes: `df -h`, `df -i`), then retry',
  });
}
