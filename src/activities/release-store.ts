import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfExists, syncDirectory, writeFileAtomic } from './files.ts';

/** The configuration can hold secrets. */
const ownerOnly = { mode: 0o600 };

const Image = z.object({ reference: z.string(), id: z.string() });

const Release = z.object({
  schema: z.literal('runbook.release/v1'),
  number: z.int().min(1),
  platform: z.string(),
  /** SHA-256 of the pinned configuration beside it. */
  digest: z.string(),
  at: z.string(),
  run: z.string(),
  /** The release that it took over from, null for the first. */
  previous: z.int().nullable(),
  /** Compose service to the image it ran. */
  images: z.record(z.string(), Image),
});

/** What a deployment left running: enough to bring it back. */
export type Release = z.infer<typeof Release>;

export interface ReleaseFiles {
  readonly configText: string;
  readonly hashesText: string;
}

/** The releases of one platform: a folder each, and a pointer to the current one. */
export function createReleaseStore(stateDirectory: string, platform: string) {
  const root = join(stateDirectory, 'platforms', platform, 'releases');
  const pointer = join(root, 'current');
  const folder = (number: number) => join(root, String(number));
  const draftOf = (run: string) => join(root, `draft-${run.replace(/[^A-Za-z0-9._-]/g, '_')}`);

  async function read(number: number): Promise<Release> {
    return Release.parse(JSON.parse(await readFile(join(folder(number), 'release.json'), 'utf8')));
  }

  async function numbers(): Promise<readonly number[]> {
    const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  return {
    folder,
    read,
    numbers,

    async current(): Promise<Release | undefined> {
      const text = (await readTextIfExists(pointer))?.trim() ?? '';
      return text === '' ? undefined : await read(Number(text));
    },

    /** Null points at nothing: before the first release. */
    async pointAt(number: number | null): Promise<void> {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await writeFileAtomic(pointer, number === null ? '' : `${number}\n`, ownerOnly);
    },

    /** A folder appears whole or not at all; its number is taken by the rename. */
    async add(release: Release, files: ReleaseFiles): Promise<void> {
      const draft = draftOf(release.run);
      await rm(draft, { recursive: true, force: true });
      await mkdir(draft, { recursive: true, mode: 0o700 });
      await writeFileAtomic(join(draft, 'compose.json'), files.configText, ownerOnly);
      await writeFileAtomic(join(draft, 'compose-hashes.json'), files.hashesText, ownerOnly);
      await writeFileAtomic(
        join(draft, 'release.json'),
        `${JSON.stringify(release, null, 2)}\n`,
        ownerOnly,
      );
      await rename(draft, folder(release.number));
      await syncDirectory(root);
    },

    /** What a run left that ended while it added a release. */
    async discardDraft(run: string): Promise<void> {
      await rm(draftOf(run), { recursive: true, force: true });
    },

    async remove(number: number): Promise<void> {
      await rm(folder(number), { recursive: true, force: true });
    },
  };
}

export type ReleaseStore = ReturnType<typeof createReleaseStore>;
