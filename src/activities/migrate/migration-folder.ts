import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Migration } from '../../shared/secrets/migration.ts';
import { pinnedFile } from '../docker/pinned-config.ts';
import { createFileExclusive, readTextIfExists } from '../files.ts';
import type { ProjectFile } from './project-texts.ts';

/** What a run keeps of a migration before it changes anything. */
export interface PinnedMigration {
  readonly migration: Migration;
  /** As they were before. */
  readonly files: readonly ProjectFile[];
}

const ownerOnly = { mode: 0o600 };
const folderOf = (runDirectory: string) => join(runDirectory, 'migration');
const manifestOf = (runDirectory: string) => join(folderOf(runDirectory), 'migration.json');

/** The configuration that the services ran with before; laid out as a run pins one. */
export const configBefore = (runDirectory: string): string =>
  join(folderOf(runDirectory), 'before');

export const backupFolder = folderOf;

type Kept = Omit<ProjectFile, 'text'> & { readonly copy: string };

/** Undefined before the backup is whole. */
export async function readPinnedMigration(
  runDirectory: string,
): Promise<PinnedMigration | undefined> {
  const text = await readTextIfExists(manifestOf(runDirectory));
  if (text === undefined) return undefined;
  const { migration, files } = JSON.parse(text) as { migration: Migration; files: Kept[] };
  return {
    migration,
    files: await Promise.all(
      files.map(async ({ copy, ...file }) => ({
        ...file,
        text: await readFile(join(folderOf(runDirectory), copy), 'utf8'),
      })),
    ),
  };
}

/** Copies first, the list of them last: with it in place the backup is whole. What is there already stays. */
export async function pinMigration(
  runDirectory: string,
  { migration, files }: PinnedMigration,
): Promise<void> {
  const folder = folderOf(runDirectory);
  const before = configBefore(runDirectory);
  await mkdir(before, { recursive: true, mode: 0o700 });
  for (const name of [basename(pinnedFile('')), 'compose-hashes.json']) {
    await copyOnce(join(runDirectory, name), join(before, name));
  }
  const kept: Kept[] = [];
  for (const [index, { text, ...file }] of files.entries()) {
    const copy = `${index}-${basename(file.name)}`;
    await createFileExclusive(join(folder, copy), text, ownerOnly);
    kept.push({ ...file, copy });
  }
  const manifest = `${JSON.stringify({ migration, files: kept }, undefined, 2)}\n`;
  await createFileExclusive(manifestOf(runDirectory), manifest, ownerOnly);
}

async function copyOnce(from: string, to: string): Promise<void> {
  if ((await readTextIfExists(to)) !== undefined) return;
  await createFileExclusive(to, await readFile(from, 'utf8'), ownerOnly);
}
