import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { serviceProblems } from '../../activities/services/check-services.ts';
import { type Coverage, coverageOf } from '../../activities/services/coverage.ts';
import { alwaysProblems } from '../../shared/approval-problems.ts';
import type { DefinitionFile } from '../../shared/definition-file.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import type { Problem } from '../../shared/problems.ts';
import { parsePlatformFile } from '../../shared/read-platform.ts';
import { scheduleProblems } from '../../shared/schedule-problems.ts';
import { CommandError } from '../errors.ts';
import { readDefinitions } from './definitions.ts';
import { fileTrouble } from './file-trouble.ts';
import { platformFiles, shownPath } from './paths.ts';
import { undescribedServices } from './undescribed.ts';

export type { Coverage } from '../../activities/services/coverage.ts';

/** A platform file checked in full: also by the kinds of its services and the runbooks of its schedules. */
export function parsePlatform(
  text: string,
  file: string,
  definitions: readonly DefinitionFile[],
  moreProblems: (platform: PlatformFile) => readonly Problem[] = () => [],
): PlatformFile {
  return parsePlatformFile(text, file, (platform) => [
    ...moreProblems(platform),
    ...serviceProblems(platform),
    ...scheduleProblems(platform, definitions),
    ...alwaysProblems(
      platform,
      definitions.map(({ name }) => name),
    ),
  ]);
}

/** Throws `RB_FILE_UNREADABLE`. */
export function readPlatformText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError('RB_FILE_UNREADABLE', `cannot read ${path}`, {
      why: fileTrouble(error),
      fix: 'give the path of a platform file, for example compose/lab/platform.yaml',
    });
  });
}

/** The platforms of these files; without any, of the folder one stands in. */
export async function readPlatforms(
  files: readonly string[],
  cwd: string,
): Promise<readonly PlatformFile[]> {
  const definitions = await readDefinitions();
  const paths =
    files.length > 0 ? files.map((file) => resolve(cwd, file)) : await platformFiles(cwd);
  return Promise.all(
    paths.map(async (path) =>
      parsePlatform(await readPlatformText(path), shownPath(path, cwd), definitions),
    ),
  );
}

/** What runbooks can do with the services of a platform, as its file and the compose files stand. */
export async function readCoverage(file: string, cwd: string): Promise<Coverage> {
  const path = resolve(cwd, file);
  const text = await readPlatformText(path);
  const platform = parsePlatform(text, shownPath(path, cwd), await readDefinitions());
  return coverageOf(platform, await undescribedServices(platform, dirname(path)));
}
