import { readFile } from 'node:fs/promises';
import { resolve as absolutePath, dirname } from 'node:path';
import { alwaysProblems } from '../shared/approval-problems.ts';
import { RunbookError, refuse } from '../shared/errors.ts';
import type { Platform } from '../shared/platform-file.ts';
import { parsePlatformFile } from '../shared/read-platform.ts';
import { yamlDocument } from '../shared/yaml-document.ts';
import { serviceProblems } from './services/check-services.ts';

/** A file that is wrong, with the name that it has for all that, where one can be read. */
interface BrokenFile {
  readonly path: string;
  readonly name: string | undefined;
  readonly error: RunbookError;
}

export interface LoadedPlatforms {
  /** By their names. */
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly broken: readonly BrokenFile[];
}

/** The platforms of the files as they are now. One that is wrong is no reason to refuse the others. */
export async function loadPlatforms(
  files: readonly string[],
  runbooks: readonly string[],
): Promise<LoadedPlatforms> {
  const read = await Promise.all(files.map((file) => readPlatform(absolutePath(file), runbooks)));
  const broken = read.flatMap((one) => ('error' in one ? [one] : []));
  const platforms = new Map<string, Platform>();
  for (const platform of read.flatMap((one) => ('error' in one ? [] : [one]))) {
    const { name, directory } = platform;
    const earlier = platforms.get(name);
    // Which of them is meant, nobody can say: from now on the name is that of a file that is wrong.
    if (earlier) broken.push({ path: directory, name, error: namedTwice(earlier, directory) });
    else platforms.set(name, platform);
  }
  return { platforms, broken };
}

async function readPlatform(
  path: string,
  runbooks: readonly string[],
): Promise<Platform | BrokenFile> {
  let text: string | undefined;
  try {
    text = await readPlatformText(path);
    const platform = parsePlatformFile(text, path, (parsed) => [
      ...serviceProblems(parsed),
      ...alwaysProblems(parsed, runbooks),
    ]);
    return { ...platform, directory: dirname(path) };
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    return { path, name: text === undefined ? undefined : nameIn(text), error };
  }
}

/** The platform of a run that names none: the only one, unless a file that is wrong may be another. */
export function onlyName({ platforms, broken }: LoadedPlatforms): string | undefined {
  return platforms.size === 1 && broken.length === 0 ? [...platforms.keys()][0] : undefined;
}

/** Throws what is wrong with the file of the platform that is meant, or with all that there are. */
export function refuseBroken({ platforms, broken }: LoadedPlatforms, name: unknown): void {
  const own = broken.find((file) => file.name !== undefined && file.name === name);
  const [only] = platforms.size === 0 ? broken : [];
  const found = own ?? only;
  if (found !== undefined) throw found.error;
}

/** For who asks for a platform that is not known: one of the files that are wrong may be its own. */
export const unreadFiles = ({ broken }: LoadedPlatforms): readonly string[] =>
  broken.map(({ error }) => error.message);

function nameIn(text: string): string | undefined {
  const name: unknown = yamlDocument(text, {})?.getIn(['name']);
  return typeof name === 'string' ? name : undefined;
}

function namedTwice({ name, directory }: Platform, other: string): RunbookError {
  return refuse(
    'RB_PLATFORM_TWICE',
    `two platform files are named ${name}`,
    `${directory} and ${other} both describe it`,
    'give one of them another name',
  );
}

async function readPlatformText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw refuse(
      'RB_PLATFORM_UNREADABLE',
      `the platform file ${path} cannot be read`,
      error instanceof Error ? error.message : String(error),
      'start the worker with the right RUNBOOK_PLATFORMS',
    );
  }
}
