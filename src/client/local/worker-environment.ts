import { readFile } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import type { Environment } from '../terminal.ts';
import { platformFiles, stateDirectory } from './paths.ts';

interface WorkerSettings {
  readonly env: Environment;
  readonly cwd: string;
  /** Files named on the command line; they win over the variable and what is found. */
  readonly platforms: readonly string[];
}

/** What a worker is told: where state is kept, which platforms there are, which one is the default. */
export async function workerEnvironment({
  env,
  cwd,
  platforms,
}: WorkerSettings): Promise<Environment> {
  const files = await chosenPlatformFiles(env, cwd, platforms);
  const only = files.length === 1 ? await platformName(files[0] ?? '') : undefined;
  return {
    ...env,
    RUNBOOK_STATE_DIR: stateDirectory(env),
    RUNBOOK_PLATFORMS: files.join(delimiter),
    ...(env.RUNBOOK_PLATFORM || only === undefined ? {} : { RUNBOOK_PLATFORM: only }),
  };
}

/** The platform files of a worker that is started here. */
export async function chosenPlatformFiles(
  env: Environment,
  cwd: string,
  platforms: readonly string[],
): Promise<readonly string[]> {
  if (platforms.length > 0) return platforms.map((file) => resolve(cwd, file));
  if (env.RUNBOOK_PLATFORMS === undefined) return platformFiles(cwd);
  return env.RUNBOOK_PLATFORMS.split(delimiter)
    .filter((file) => file !== '')
    .map((file) => resolve(cwd, file));
}

/** A file that cannot be read keeps its worker from starting: said here, before anything runs. */
export async function platformName(file: string): Promise<string> {
  const { parsePlatformFile } = await import('../../shared/read-platform.ts');
  return parsePlatformFile(await readFile(file, 'utf8'), file).name;
}
