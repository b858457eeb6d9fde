import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DefinitionFile } from '../../shared/definition-file.ts';
import { nearest } from '../../shared/nearest.ts';
import { parseDefinitionFile } from '../../shared/read-definition.ts';
import { CommandError } from '../errors.ts';
import { definitionFiles } from './paths.ts';

export async function readDefinitions(): Promise<readonly DefinitionFile[]> {
  return Promise.all((await definitionFiles()).map(readDefinition));
}

async function readDefinition(file: string): Promise<DefinitionFile> {
  return parseDefinitionFile(await readFile(file, 'utf8'), file);
}

/** The definition of a runbook; its file has its name. */
export async function requireDefinition(runbook: string): Promise<DefinitionFile> {
  const files = await definitionFiles();
  const names = files.map((file) => basename(file, '.yaml'));
  const file = files[names.indexOf(runbook)];
  if (file !== undefined) return readDefinition(file);
  const suggestion = nearest(runbook, names);
  throw new CommandError('RB_RUNBOOK_UNKNOWN', `there is no runbook ${runbook}`, {
    why:
      suggestion === undefined
        ? `the runbooks are: ${names.join(', ') || 'none'}`
        : `did you mean "${suggestion}"?`,
    fix: 'see all of them with runbook list',
    context: { changed: false },
  });
}
