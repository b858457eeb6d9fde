import { dirname, join, relative } from 'node:path';
import { composeIncludes } from '../shared/environment/compose-references.ts';
import { limits } from '../shared/limits.ts';
import { readTextIfExists } from './files.ts';

/** A compose file as it stands. */
export interface ComposeText {
  /** From the project's folder. */
  readonly name: string;
  readonly text: string;
  /** From the project's folder: where its relative paths start, its own folder when it was included. */
  readonly folder: string;
}

export interface ComposeTexts {
  readonly files: readonly ComposeText[];
  /** Absolute paths of listed files that are not there. */
  readonly missing: readonly string[];
}

/** The listed compose files with those that they include or extend; included ones that are gone are left out. */
export async function readComposeTexts(
  directory: string,
  listed: readonly string[],
): Promise<ComposeTexts> {
  const files: ComposeText[] = [];
  const missing: string[] = [];
  const own = listed.map((file) => join(directory, file));
  const open = [...own];
  const seen = new Set<string>();
  for (
    let path = open.shift();
    path !== undefined && seen.size < limits.composeFiles;
    path = open.shift()
  ) {
    if (seen.has(path)) continue;
    seen.add(path);
    const isListed = own.includes(path);
    const text = await readTextIfExists(path);
    if (text === undefined && isListed) missing.push(path);
    if (text === undefined) continue;
    const folder = dirname(path);
    const from = isListed ? '' : relative(directory, folder);
    files.push({ name: relative(directory, path), text, folder: from });
    open.push(...composeIncludes(text).map((file) => join(folder, file)));
  }
  return { files, missing };
}
