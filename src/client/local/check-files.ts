import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseConfigFile } from '../../shared/config-file.ts';
import { type ErrorFacts, errorFacts } from '../../shared/errors.ts';
import { parseDefinitionFile } from '../../shared/read-definition.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../terminal.ts';
import { checkCompose, missingComposeFiles } from './check-compose.ts';
import { readDefinitions } from './definitions.ts';
import { fileTrouble } from './file-trouble.ts';
import { definitionFiles, platformFiles, shownPath } from './paths.ts';
import { parsePlatform } from './read-platforms.ts';

type Surroundings = Pick<Session, 'cwd' | 'env' | 'configFiles'>;

type FileKind = 'platform' | 'runbook' | 'config' | 'unknown';

export interface CheckedFile {
  readonly file: string;
  readonly kind: FileKind;
  readonly error?: ErrorFacts;
  /** What is likely not meant, but no error. */
  readonly warnings?: readonly string[];
  /** Why the compose files of a platform were not checked by Compose. */
  readonly unchecked?: string;
}

export async function checkFiles(
  files: readonly string[],
  { cwd, env, configFiles }: Surroundings,
): Promise<CheckedFile[]> {
  const chosen =
    files.length > 0
      ? files.map((file) => resolve(cwd, file))
      : [
          ...(await definitionFiles()),
          ...(await platformFiles(cwd)),
          ...configFiles.map(({ path }) => path),
        ];
  return Promise.all(chosen.map((file) => checkFile(file, cwd, env)));
}

async function checkFile(path: string, cwd: string, env: Environment): Promise<CheckedFile> {
  const file = shownPath(path, cwd);
  let kind: FileKind = 'unknown';
  try {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new CommandError('RB_FILE_UNREADABLE', `cannot read ${file}`, {
        why: `cannot read it: ${fileTrouble(error)}`,
        fix: 'give the path of a platform, definition or configuration file',
      });
    });
    kind = kindOf(text);
    if (kind === 'unknown') throw unknownSchema(file);
    if (kind === 'platform') return { file, kind, ...(await checkPlatform(text, path, file, env)) };
    if (kind === 'runbook') parseDefinitionFile(text, file);
    else parseConfigFile(text, file);
    return { file, kind };
  } catch (error) {
    return { file, kind, error: errorFacts(error) };
  }
}

async function checkPlatform(text: string, path: string, file: string, env: Environment) {
  const definitions = await readDefinitions();
  const platform = parsePlatform(text, file, definitions, (found) =>
    missingComposeFiles(found, path),
  );
  const { warnings, unchecked } = await checkCompose(platform, path, env);
  return {
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(unchecked === undefined ? {} : { unchecked }),
  };
}

/** Read from the text, for a file with a syntax error has a kind as well. */
function kindOf(text: string): FileKind {
  const schema = /^\s*["']?schema["']?:\s*["']?runbook\.(platform|definition|config)\/v1\b/m.exec(
    text,
  )?.[1];
  if (schema === undefined) return 'unknown';
  return schema === 'definition' ? 'runbook' : (schema as 'platform' | 'config');
}

function unknownSchema(file: string): CommandError {
  return new CommandError('RB_FILE_INVALID', `${file} does not say what it is`, {
    why: `${file}:1:1 schema: expected runbook.platform/v1, runbook.definition/v1 or runbook.config/v1`,
    fix: 'let its first line be: schema: runbook.platform/v1',
  });
}
