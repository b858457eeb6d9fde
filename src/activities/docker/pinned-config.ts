import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { writeFileAtomic } from '../files.ts';
import type { ComposeSource } from './compose-cli.ts';
import { type ComposeConfig, parseComposeConfig } from './compose-model.ts';

/** The Compose configuration that every step of a run works from, whatever becomes of the files. */
export interface PinnedConfig {
  readonly config: ComposeConfig;
  /** As Compose wrote it; it can hold secrets. */
  readonly text: string;
  readonly digest: string;
  readonly hashes: Readonly<Record<string, string>>;
}

export const pinnedFile = (directory: string) => join(directory, 'compose.json');
const hashesFile = (directory: string) => join(directory, 'compose-hashes.json');

const Hashes = z.record(z.string(), z.string());

export const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** How Compose is told to work from a pinned file instead of the platform's own. */
export function pinnedSource(platform: Platform, directory: string): ComposeSource {
  return {
    project: platform.compose.project,
    directory: platform.directory,
    files: [pinnedFile(directory)],
    // Services of profiles that were not asked for are not in the pinned file.
    profiles: ['*'],
  };
}

/** The hashes are written last: with them in place the configuration is whole. */
export async function writePinnedHashes(
  directory: string,
  hashes: Readonly<Record<string, string>>,
): Promise<void> {
  await writeFileAtomic(hashesFile(directory), JSON.stringify(hashes), { mode: 0o600 });
}

export async function readPinned(directory: string): Promise<PinnedConfig> {
  try {
    const text = await readFile(pinnedFile(directory), 'utf8');
    const hashes = Hashes.parse(JSON.parse(await readFile(hashesFile(directory), 'utf8')));
    return { config: parseComposeConfig(text), text, digest: digestOf(text), hashes };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw refuse(
      'RB_CONFIG_NOT_READ',
      'this run has not read the Compose configuration',
      `${directory} holds no pinned configuration`,
      'retry the step that reads the configuration, then this one',
    );
  }
}
