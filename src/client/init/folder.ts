import { readFile } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { limits } from '../../shared/limits.ts';
import { isFile } from './is-file.ts';

/** A compose project as a folder alone shows it. */
export interface FolderProject {
  readonly name: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly envFile?: string;
  readonly profiles: readonly string[];
}

/** In the order in which Compose looks for them. */
const usualFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
/** The first that is there is added, whatever the other file is called. */
const usualOverrides = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** The project of a folder as Compose would take it; undefined without a compose file. */
export async function projectOfFolder(
  folder: string,
  given: readonly string[],
): Promise<FolderProject | undefined> {
  const envFile = join(folder, '.env');
  const settings = await composeSettings(envFile);
  const named = settings('COMPOSE_FILE')?.split(settings('COMPOSE_PATH_SEPARATOR') ?? delimiter);
  const files =
    given.length > 0
      ? given
      : (named?.map((file) => resolve(folder, file)) ?? (await usualFilesIn(folder)));
  const [first] = files;
  if (first === undefined) return undefined;
  const name = settings('COMPOSE_PROJECT_NAME') ?? (await nameIn(files)) ?? nameOf(folder);
  return {
    ...{ name, files },
    ...((await isFile(envFile)) ? { envFile } : {}),
    profiles: settings('COMPOSE_PROFILES')?.split(',') ?? [],
  };
}

/** The variables of Compose itself that the environment file sets; no other value is looked at. */
async function composeSettings(envFile: string) {
  const text = await readFile(envFile, 'utf8').catch(() => '');
  const { entries } = parseDotenv(text.slice(0, limits.fileBytes));
  return (name: `COMPOSE_${string}`) =>
    entries.findLast((entry) => entry.name === name)?.value || undefined;
}

async function usualFilesIn(folder: string): Promise<readonly string[]> {
  const firstOf = async (names: readonly string[]) => {
    for (const name of names) if (await isFile(join(folder, name))) return [join(folder, name)];
    return [];
  };
  const main = await firstOf(usualFiles);
  return main.length === 0 ? [] : [...main, ...(await firstOf(usualOverrides))];
}

/** The last file wins; a file that cannot be read is for Compose to complain about. */
async function nameIn(files: readonly string[]): Promise<string | undefined> {
  for (const file of files.toReversed()) {
    const text = await readFile(file, 'utf8').catch(() => '');
    try {
      const value: unknown = parse(text, { maxAliasCount: limits.yamlAliases, logLevel: 'error' });
      const name = (value as { name?: unknown } | null)?.name;
      if (typeof name === 'string' && /^[a-z0-9][a-z0-9_-]*$/.test(name)) return name;
    } catch {}
  }
  return undefined;
}

/** As Compose makes a project name of a folder's. */
const nameOf = (folder: string) =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
