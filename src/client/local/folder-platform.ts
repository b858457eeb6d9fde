import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { yamlDocument } from '../../shared/yaml-document.ts';

/**
 * The platform of the folder that one stands in. A file that is wrong elsewhere still says which platform is meant;
 * one that is something else than a platform file means none.
 */
export const folderPlatform = (cwd: string) => platformNameIn(join(cwd, 'platform.yaml'));

export async function platformNameIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const document = text === undefined ? undefined : yamlDocument(text, {});
  const [schema, name] = ['schema', 'name'].map((key) => document?.getIn([key]));
  const isPlatform = typeof schema === 'string' && schema.startsWith('runbook.platform/');
  return isPlatform && typeof name === 'string' ? name : undefined;
}
