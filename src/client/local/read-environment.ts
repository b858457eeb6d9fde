import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { auditEnvironment, type EnvironmentFinding } from '../../shared/environment/audit.ts';
import {
  type ComposeReference,
  composeIncludes,
  composeReferences,
} from '../../shared/environment/compose-references.ts';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { renderEnvironmentExample } from '../../shared/environment/example.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import { parsePlatformFile } from '../../shared/read-platform.ts';
import { CommandError } from '../errors.ts';
import { platformFiles } from './paths.ts';

/** More files than any platform has: an include that leads back to itself ends here. */
const maxComposeFiles = 100;

interface OpenedPlatform {
  readonly platform: PlatformFile;
  readonly directory: string;
}

export interface EnvironmentReport {
  readonly platform: string;
  readonly file: string;
  readonly exists: boolean;
  readonly findings: readonly EnvironmentFinding[];
}

export async function openPlatformFile(
  file: string | undefined,
  cwd: string,
): Promise<OpenedPlatform> {
  const path = file === undefined ? await onlyPlatform(cwd) : resolve(cwd, file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return { platform: parsePlatformFile(text, path), directory: dirname(path) };
}

/** Everything that is wrong with a platform's environment file; no value is in it. */
export async function auditPlatform({
  platform,
  directory,
}: OpenedPlatform): Promise<EnvironmentReport> {
  const file = join(directory, platform.environment.file);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const findings = auditEnvironment({
    declared: platform.environment.variables,
    fileName: platform.environment.file,
    file: parseDotenv(text ?? ''),
    references: await referencesOf(platform, directory),
  });
  return { platform: platform.name, file, exists: text !== undefined, findings };
}

export const exampleOf = ({ platform }: OpenedPlatform) => renderEnvironmentExample(platform);

async function onlyPlatform(cwd: string): Promise<string> {
  const [file, ...others] = await platformFiles(cwd);
  if (file !== undefined && others.length === 0) return file;
  throw new CommandError('RB_USAGE', 'say which platform file is meant', {
    why:
      file === undefined
        ? 'none was found here'
        : `there are several: ${[file, ...others].join(', ')}`,
    fix: `runbook env ${file ?? 'compose/lab/platform.yaml'}`,
  });
}

async function referencesOf({ compose }: PlatformFile, directory: string) {
  const references: ComposeReference[] = [];
  const seen = new Set<string>();
  const open = compose.files.map((file) => join(directory, file));
  for (
    let path = open.shift();
    path !== undefined && seen.size < maxComposeFiles;
    path = open.shift()
  ) {
    const text = seen.has(path) ? undefined : await readFile(path, 'utf8').catch(() => undefined);
    seen.add(path);
    if (text === undefined) continue;
    const folder = dirname(path);
    references.push(...composeReferences(text, relative(directory, path)));
    open.push(...composeIncludes(text).map((file) => join(folder, file)));
  }
  return references;
}

function unreadable(path: string, error: unknown): CommandError {
  return new CommandError('RB_FILE_UNREADABLE', `cannot read ${path}`, {
    why: error instanceof Error ? error.message : String(error),
    fix: 'give the path of a platform file, for example compose/lab/platform.yaml',
  });
}
