import { isUtf8 } from 'node:buffer';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { renderEnvironmentExample } from '../../shared/environment/example.ts';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import type { ProjectTexts } from '../../shared/secrets/rewrite-project.ts';
import type { ComposeTextFile } from '../../shared/secrets/sight-credentials.ts';
import { readComposeTexts } from '../compose-texts.ts';
import { readBytesIfExists, readTextIfExists } from '../files.ts';
import { parseYamlName } from './platform-name.ts';

export type FileRole = 'compose' | 'environment' | 'example' | 'platform';

/** A file that a migration may change, as it stands. */
export interface ProjectFile extends ComposeTextFile {
  readonly role: FileRole;
  /** Absolute; a link is followed, so that it stays one. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The compose files, the environment file with the copy that a deploy keeps of it, its example where a deploy has
 * written it, and the platform file.
 */
export async function readProjectFiles(
  platform: Platform,
  platformFiles: readonly string[],
): Promise<readonly ProjectFile[]> {
  const { directory, environment, compose } = platform;
  const { files } = await readComposeTexts(directory, compose.files);
  const wanted = [
    ...files.map(({ name, folder }) => ({ name, folder, role: 'compose' as const })),
    { name: environment.file, role: 'environment' as const },
    { name: `${environment.file}.previous`, role: 'environment' as const },
    { name: environment.example, role: 'example' as const },
    { name: await platformFileOf(platform, platformFiles), role: 'platform' as const },
  ];
  const read = await Promise.all(
    wanted.map(async (file): Promise<readonly ProjectFile[]> => {
      const named = join(directory, file.name);
      const text = await wholeText(named, file.name);
      if (text === undefined) return [];
      if (file.role === 'example' && text !== renderEnvironmentExample(platform)) return [];
      const path = await realpath(named);
      const { mode, uid, gid } = await stat(path);
      return [{ ...file, path, text, mode: mode & 0o7777, uid, gid }];
    }),
  );
  return read.flat();
}

/** A text that is written back byte for byte; undefined where there is no such file. */
async function wholeText(path: string, name: string): Promise<string | undefined> {
  const bytes = await readBytesIfExists(path);
  if (bytes === undefined || isUtf8(bytes)) return bytes?.toString();
  throw refuse(
    'RB_FILE_ENCODING',
    `${name} is no UTF-8`,
    'some of its bytes are no character, and would be lost when it is written anew',
    `save it as UTF-8 (\`iconv -f latin1 -t utf8\`), then start again`,
  );
}

/** The worker knows platforms by their files; which of them is this one, from its folder. */
async function platformFileOf(
  { name, directory }: Platform,
  platformFiles: readonly string[],
): Promise<string> {
  for (const file of platformFiles) {
    if (dirname(file) !== directory) continue;
    const text = await readTextIfExists(file);
    if (text !== undefined && parseYamlName(text) === name) return basename(file);
  }
  throw refuse(
    'RB_PLATFORM_UNREADABLE',
    `the file of the platform ${name} is not where it was`,
    `the worker read it in ${directory}, and none of its platform files there has that name now`,
    'put it back, or start the worker with the right RUNBOOK_PLATFORMS',
  );
}

export const textsOf = (files: readonly ProjectFile[], platform: Platform): ProjectTexts => {
  const of = (role: FileRole) => files.filter((file) => file.role === role);
  const [platformFile] = of('platform');
  if (platformFile === undefined) throw new Error('no platform file among the files');
  return {
    composeFiles: of('compose'),
    envFiles: of('environment'),
    platformFile,
    delivered: relative(
      platform.directory,
      join(platform.directory, platform.secrets.directory, 'delivered'),
    ),
  };
};
