import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt } from './attempt.ts';
import { createFileExclusive, readTextIfExists } from './files.ts';

/**
 * What a run saw before it changed anything, kept in its folder: the first answer stands. The history alone would
 * not do: a run that is reset to a task before the look would look again, at what it has changed itself. A plan keeps
 * nothing, since what it saw may have changed before the run that it is made for begins.
 */
export async function pinnedOnce<T>(
  attempt: Attempt,
  name: string,
  look: () => Promise<T>,
): Promise<T> {
  if (attempt.ctx.phase === 'probe') return look();
  const path = join(attempt.runDirectory, `${name}.json`);
  const known = await readTextIfExists(path);
  if (known !== undefined) return JSON.parse(known) as T;
  const seen = JSON.stringify(await look());
  await attempt.checkFence();
  await createFileExclusive(path, seen, { mode: 0o600 });
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
