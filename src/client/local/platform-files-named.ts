import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';
import { platformNameIn } from './folder-platform.ts';
import { chosenPlatformFiles } from './worker-environment.ts';

/** The files of platforms that are given by file or by name; all that a worker started here would know, without any. */
export async function platformFilesNamed(
  given: readonly string[],
  { env, cwd }: Pick<Session, 'env' | 'cwd'>,
): Promise<readonly string[]> {
  const isPath = (text: string) => /[./]/.test(text) || existsSync(resolve(cwd, text));
  if (given.length > 0 && given.every(isPath)) return given;
  const files = await chosenPlatformFiles(env, cwd, []);
  if (given.length === 0) return files;
  // One that is wrong is told when it is the one that is meant, and not in place of another.
  const names = await Promise.all(files.map(async (file) => (await platformNameIn(file)) ?? ''));
  return given.map((text) => {
    if (isPath(text)) return text;
    const file = files[names.indexOf(text)];
    if (file !== undefined) return file;
    throw new CommandError('RB_USAGE', `no platform file here is named ${text}`, {
      why: `found${didYouMean(text, names)}: ${names.filter(Boolean).join(', ') || 'none'}`,
      fix: 'give its name, or the path of its file',
      context: { changed: false },
    });
  });
}
