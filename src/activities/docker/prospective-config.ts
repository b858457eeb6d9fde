import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files.ts';
import type { ChildHooks } from './child-process.ts';
import type { ComposeCli, ComposeSource } from './compose-cli.ts';

export interface EnvFileSwap {
  /** The platform's own environment file; it may not exist yet. */
  readonly own: string;
  /** The file that is read in its place. */
  readonly instead: string;
  readonly hooks: ChildHooks;
  /** Where the swap may stand meanwhile. */
  readonly directory: string;
}

const EnvFile = z.looseObject({ path: z.string() });
const Draft = z.looseObject({
  services: z.record(z.string(), z.looseObject({ env_file: z.array(EnvFile).optional() })),
});
type EnvFiles = readonly z.infer<typeof EnvFile>[];

/**
 * The configuration as it will be once the environment file has been written: services that name the file
 * in `env_file` get the other one too, which Compose has no option for.
 */
export async function withEnvFile(
  compose: ComposeCli,
  source: ComposeSource,
  { own, instead, hooks, directory }: EnvFileSwap,
): Promise<string> {
  const draft = Draft.parse(JSON.parse(await compose.draft(source, hooks)));
  const isOwn = (path: string) => resolve(source.directory, path) === own;
  const swapped = Object.entries(draft.services).flatMap(([name, { env_file: files = [] }]) =>
    files.some(({ path }) => isOwn(path))
      ? [
          overrideLine(
            name,
            files.map((file) => (isOwn(file.path) ? { ...file, path: instead } : file)),
          ),
        ]
      : [],
  );
  if (swapped.length === 0) return compose.config(source, hooks);
  const file = join(directory, 'compose.prospective.yaml');
  await writeFileAtomic(file, ['services:', ...swapped, ''].join('\n'), { mode: 0o600 });
  try {
    return await compose.config({ ...source, files: [...source.files, file] }, hooks);
  } finally {
    await rm(file, { force: true });
  }
}

/** The tag makes Compose replace the list instead of adding to it; JSON is YAML too. */
const overrideLine = (service: string, files: EnvFiles) =>
  `  ${JSON.stringify(service)}: { env_file: !override ${JSON.stringify(files)} }`;
