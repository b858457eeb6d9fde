import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../shared/platform-file.ts';
import type { Attempt } from './attempt.ts';
import type { ComposeCli, ComposeSource } from './docker/compose-cli.ts';
import { type ComposeConfig, parseComposeConfig } from './docker/compose-model.ts';
import { type LogicalService, logicalServices } from './docker/logical-services.ts';
import { withEnvFile } from './docker/prospective-config.ts';
import { childHooks } from './opened-platform.ts';
import { kindOf } from './services/registry.ts';

/** The compose files with everything filled in, and the platform's services found in them. */
export interface ResolvedConfig {
  /** As Compose wrote it; it can hold secrets. */
  readonly text: string;
  readonly config: ComposeConfig;
  readonly services: readonly LogicalService[];
}

/**
 * Throws when Compose refuses the files, or when they and the platform file contradict each other. An environment
 * file that is given is read instead of the platform's own.
 */
export async function resolveConfig(
  compose: ComposeCli,
  attempt: Attempt,
  platform: Platform,
  envFile?: string,
): Promise<ResolvedConfig> {
  const text = await composeText(compose, attempt, platform, envFile);
  const config = parseComposeConfig(text);
  const services = logicalServices(platform, config);
  for (const { name, kind } of services) kindOf(name, kind);
  return { text, config, services };
}

async function composeText(
  compose: ComposeCli,
  attempt: Attempt,
  platform: Platform,
  envFile: string | undefined,
): Promise<string> {
  const own = join(platform.directory, platform.environment.file);
  const source = sourceOf(platform, envFile ?? ((await exists(own)) ? own : undefined));
  const hooks = childHooks(attempt);
  if (envFile === undefined || envFile === own) {
    return compose.config(source, hooks);
  }
  return withEnvFile(compose, source, {
    own,
    instead: envFile,
    hooks,
    directory: attempt.runDirectory,
  });
}

function sourceOf(platform: Platform, envFile: string | undefined): ComposeSource {
  return {
    project: platform.compose.project,
    directory: platform.directory,
    files: platform.compose.files.map((file) => join(platform.directory, file)),
    profiles: platform.compose.profiles,
    ...(envFile === undefined ? {} : { envFile }),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
