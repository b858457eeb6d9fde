import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ConfigFile } from '../../shared/config-file.ts';
import { CommandError } from '../errors.ts';
import { fileTrouble } from '../local/file-trouble.ts';
import { shownPath } from '../local/paths.ts';
import type { Environment } from '../terminal.ts';

/** The layers of files, the stronger first. */
export type ConfigLayer = 'project' | 'user';

export interface FoundConfig {
  readonly layer: ConfigLayer;
  readonly path: string;
  /** How it was named; one that is only looked for need not be there. */
  readonly named?: 'flag' | 'environment';
}

export interface ReadConfig extends FoundConfig {
  readonly values: ConfigFile;
}

const projectFile = 'runbook.yaml';

/** The file that was named, else the nearest above; then the person's own. Only looks, and reads nothing. */
export function findConfigFiles(
  flag: string | undefined,
  env: Environment,
  cwd: string,
): readonly FoundConfig[] {
  const own = userFile(env);
  const project = projectConfig(flag, env, cwd);
  return [
    ...(project === undefined ? [] : [project]),
    ...(own !== project?.path && existsSync(own) ? [{ layer: 'user', path: own } as const] : []),
  ];
}

function projectConfig(
  flag: string | undefined,
  env: Environment,
  cwd: string,
): FoundConfig | undefined {
  const layer = 'project';
  if (flag !== undefined) return { layer, path: resolve(cwd, flag), named: 'flag' };
  const variable = env.RUNBOOK_CONFIG;
  if (variable) return { layer, path: resolve(cwd, variable), named: 'environment' };
  const above = nearestAbove(cwd);
  return above === undefined ? undefined : { layer, path: above };
}

function nearestAbove(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, projectFile);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function userFile(env: Environment): string {
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return join(home, 'runbook', 'config.yaml');
}

/** Throws `RB_FILE_UNREADABLE`, or `RB_FILE_INVALID` with every problem and its place. */
export async function readConfigFile(found: FoundConfig, cwd: string): Promise<ReadConfig> {
  const name = shownPath(found.path, cwd);
  const text = await readFile(found.path, 'utf8').catch((error: unknown) => {
    throw new CommandError('RB_FILE_UNREADABLE', `cannot read the configuration ${name}`, {
      why: fileTrouble(error),
      fix: 'name a file that is there with --config, or leave it out',
    });
  });
  // Most people have no such file, and none of them waits for the reader.
  const { parseConfigFile } = await import('../../shared/config-file.ts');
  return { ...found, values: parseConfigFile(text, name) };
}
