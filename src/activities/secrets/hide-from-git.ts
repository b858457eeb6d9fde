import { join, resolve } from 'node:path';
import type { Platform } from '../../shared/platform-file.ts';
import { createFileExclusive, ensureDirectory, readTextIfExists } from '../files.ts';
import { secretsDirectory } from './store.ts';

/**
 * Has the folder of secrets ignore itself, whatever the project's own `.gitignore` says. One that is there stays as it
 * is, so a repeat writes nothing.
 */
export async function hideFromGit(platform: Platform): Promise<void> {
  const directory = resolve(secretsDirectory(platform));
  if (directory === resolve(platform.directory)) return;
  const path = join(directory, '.gitignore');
  if ((await readTextIfExists(path)) !== undefined) return;
  await ensureDirectory(directory, 0o711);
  await createFileExclusive(path, '*\n', { mode: 0o644 });
}
