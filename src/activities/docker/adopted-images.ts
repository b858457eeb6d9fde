import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfExists, writeFileAtomic } from '../files.ts';

const Adopted = z.object({ reference: z.string(), digest: z.string(), id: z.string() });

/**
 * Images that somebody built by hand carry no label of ours, and a label would make another image of them:
 * every container would be replaced for nothing. What they were found to be built from is kept here.
 */
export function createAdoptedImages(stateDirectory: string, platform: string) {
  const folder = join(stateDirectory, 'platforms', platform, 'images');
  const fileOf = (reference: string) =>
    join(folder, `${createHash('sha256').update(reference).digest('hex').slice(0, 32)}.json`);
  return {
    async isBuiltFrom(reference: string, digest: string, id: string): Promise<boolean> {
      const text = await readTextIfExists(fileOf(reference));
      if (text === undefined) return false;
      const found = Adopted.parse(JSON.parse(text));
      return found.digest === digest && found.id === id;
    },
    async adopt(reference: string, digest: string, id: string): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(fileOf(reference), JSON.stringify({ reference, digest, id }), {
        mode: 0o600,
      });
    },
  };
}

export type AdoptedImages = ReturnType<typeof createAdoptedImages>;
