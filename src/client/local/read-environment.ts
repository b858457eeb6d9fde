import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { auditEnvironment, type EnvironmentFinding } from '../../shared/environment/audit.ts';
import { composeReferences } from '../../shared/environment/compose-references.ts';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import { renderEnvironmentExample } from '../../shared/environment/example.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import { CommandError } from '../errors.ts';
import { readComposeFiles } from './compose-files.ts';
import { readDefinitions } from './definitions.ts';
import { platformFiles, shownPath } from './paths.ts';
import { parsePlatform, readPlatformText } from './read-platforms.ts';

export interface OpenedPlatform {
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
  const text = await readPlatformText(path);
  const platform = parsePlatform(text, shownPath(path, cwd), await readDefinitions());
  return { platform, directory: dirname(path) };
}

/** Everything that is wrong with a platform's environment file; no value is in it. */
export async function auditPlatform({
  platform,
  directory,
}: OpenedPlatform): Promise<EnvironmentReport> {
  const file = join(directory, platform.environment.file);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const composeFiles = await readComposeFiles(platform, directory);
  const findings = auditEnvironment({
    declared: platform.environment.variables,
    fileName: platform.environment.file,
    file: parseDotenv(text ?? ''),
    references: composeFiles.flatMap(({ name, text: yaml }) => composeReferences(yaml, name)),
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
