import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { composeIncludes } from '../../shared/environment/compose-references.ts';
import { limits } from '../../shared/limits.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';

export interface ComposeFile {
  /** From the platform's folder. */
  readonly name: string;
  readonly text: string;
}

/** The compose files of a platform with those that they include; what cannot be read is left out. */
export async function readComposeFiles(
  { compose }: { readonly compose: Pick<PlatformFile['compose'], 'files'> },
  directory: string,
): Promise<readonly ComposeFile[]> {
  const files: ComposeFile[] = [];
  const seen = new Set<string>();
  const open = compose.files.map((file) => join(directory, file));
  for (
    let path = open.shift();
    path !== undefined && seen.size < limits.composeFiles;
    path = open.shift()
  ) {
    const text = seen.has(path) ? undefined : await readFile(path, 'utf8').catch(() => undefined);
    seen.add(path);
    if (text === undefined) continue;
    const folder = dirname(path);
    files.push({ name: relative(directory, path), text });
    open.push(...composeIncludes(text).map((file) => join(folder, file)));
  }
  return files;
}
