import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFailureOr } from '../activities/write-failure.ts';

// Synchronous, as all that the fence does: each of these calls takes some microseconds in the kernel's memory,
// ten times as long by way of the thread pool, and every activity makes a dozen of them.

/**
 * Replaces a file whole, without waiting for the disk, in a folder that is made when it is missing. For what
 * only has to outlive this process: after the host went down, everything that such a file speaks of is gone too.
 */
export function writeVolatile(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeInFolder(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeFailureOr(error, path);
  }
}

/** Most folders are there: asking first would cost a call a write. */
export function writeInFolder(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
  }
}
