import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import type { ChildHooks } from './child-process.ts';
import type { ComposeCli, ComposeSource } from './compose-cli.ts';
import { parseComposeConfig } from './compose-model.ts';

export interface EnvFileSwap {
  /** The platform's own environment file; it may not exist yet. */
  readonly own: string;
  /** The file that is read in its place. */
  readonly instead: string;
  readonly hooks: ChildHooks;
  /** Where the half-resolved configuration may stand meanwhile. */
  readonly directory: string;
}

/**
 * The configuration as it will be once the environment file has been written: services that name the file
 * in `env_file` get the other one too, which Compose has no option for.
 */
export async function withEnvFile(
  compose: ComposeCli,
  source: ComposeSource,
  { own, instead, hooks, directory }: EnvFileSwap,
): Promise<string> {
  const text = await compose.config(source, { ...hooks, envFiles: 'keep' });
  const config = parseComposeConfig(text);
  for (const service of Object.values(config.services)) {
    for (const file of service.env_file ?? []) if (file.path === own) file.path = instead;
  }
  const half = join(directory, 'compose.prospective.json');
  await writeFileAtomic(half, JSON.stringify(config));
  try {
    const swapped = { ...source, files: [half], profiles: ['*'] };
    return await compose.config(swapped, { ...hooks, envFiles: 'resolve' });
  } finally {
    await rm(half, { force: true });
  }
}
