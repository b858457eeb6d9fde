import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseConfigFile } from '../../shared/config-file.ts';
import { type ErrorFacts, errorFacts } from '../../shared/errors.ts';
import { parseDefinitionFile } from '../../shared/read-definition.ts';
import { CommandError } from '../errors.ts';
import { readDefinitions } from './definitions.ts';
import { definitionFiles, platformFiles, shownPath } from './paths.ts';
import { parsePlatform } from './read-platforms.ts';

type FileKind = 'platform' | 'runbook' | 'config' | 'unknown';

export interface CheckedFile {
  readonly file: string;
  readonly kind: FileKind;
  readonly error?: ErrorFacts;
}

export async function checkFiles(files: readonly string[], cwd: string): Promise<CheckedFile[]> {
  const chosen =
    files.length > 0
      ? files.map((file) => resolve(cwd, file))
      : [...(await definitionFiles()), ...(await platformFiles(cwd))];
  return Promise.all(chosen.map((file) => checkFile(file, cwd)));
}

async function checkFile(path: string, cwd: string): Promise<CheckedFile> {
  const file = shownPath(path, cwd);
  let kind: FileKind = 'unknown';
  try {
    const text = await readFile(path, 'utf8');
    kind = kindOf(text);
    if (kind === 'unknown') throw unknownSchema(file);
    if (kind === 'platform') parsePlatform(text, file, await readDefinitions());
    else if (kind === 'runbook') parseDefinitionFile(text, file);
    else parseConfigFile(text, file);
    return { file, kind };
  } catch (error) {
    return { file, kind, error: errorFacts(error) };
  }
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
