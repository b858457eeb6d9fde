import { existsSync } from 'node:fs';
import { chmod, glob, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../errors.ts';
import type { Environment } from '../terminal.ts';
import { fileTrouble } from './file-trouble.ts';

/** The folder that holds package.json, in a checkout and in a built package. */
export const packageRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** A source file of ours that is started as a process: `.ts` in a checkout, `.js` once built. */
export function entryPoint(path: 'worker/main' | 'client/main'): string {
  return fileURLToPath(new URL(`../../${path}${extname(import.meta.url)}`, import.meta.url));
}

/** Where runs, logs and the embedded server keep what outlives a process. */
export function stateDirectory(env: Environment): string {
  if (env.RUNBOOK_STATE_DIR) return resolve(env.RUNBOOK_STATE_DIR);
  const home = env.HOME || homedir();
  return join(env.XDG_STATE_HOME || join(home, '.local/state'), 'runbook');
}

/** Only its owner reads it: outputs of steps stand in it. */
export async function makeStateDirectory(env: Environment): Promise<string> {
  const directory = stateDirectory(env);
  try {
    await mkdir(join(directory, 'logs'), { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    return directory;
  } catch (error) {
    throw new CommandError('RB_STATE_DIRECTORY', `cannot use the state directory ${directory}`, {
      why: fileTrouble(error),
      fix: 'make it writable, or choose another one with RUNBOOK_STATE_DIR',
    });
  }
}

export function definitionFiles(): Promise<string[]> {
  return found(packageRoot, 'runbooks/*.yaml');
}

/** The platform files of the folder one stands in, else those of the package. */
export async function platformFiles(cwd: string): Promise<string[]> {
  const own = existsSync(join(cwd, 'platform.yaml')) ? [join(cwd, 'platform.yaml')] : [];
  const below = await found(cwd, 'compose/*/platform.yaml');
  if (own.length + below.length > 0) return [...own, ...below];
  return found(packageRoot, 'compose/*/platform.yaml');
}

/** A path as people write it: from where they stand when it is below, whole otherwise. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below.startsWith('..') || below === '' ? path : below;
}

async function found(directory: string, pattern: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern, { cwd: directory })) paths.push(join(directory, path));
  return paths.sort();
}
