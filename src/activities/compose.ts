import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../shared/platform-file.ts';
import type { StepContext } from '../shared/step-context.ts';
import { type Attempt, currentAttempt } from './attempt.ts';
import type { ComposeCli, ComposeSource } from './docker/compose-cli.ts';
import { imageOf, parseComposeConfig } from './docker/compose-model.ts';
import { logicalServices } from './docker/logical-services.ts';
import { digestOf, pinnedFile, pinnedSource, writePinnedHashes } from './docker/pinned-config.ts';
import { withEnvFile } from './docker/prospective-config.ts';
import { writeFileAtomic } from './files.ts';
import { childHooks, type PlatformDependencies } from './opened-platform.ts';
import { kindOf } from './services/registry.ts';

export interface ReadConfigInput {
  /** Absolute path of an environment file to read instead of the platform's own, which need not exist. */
  readonly envFile?: string;
}

/** One logical service as the compose files and the platform file describe it. */
export interface ServiceSummary {
  readonly name: string;
  readonly kind: string;
  /** False for a compose service that the platform file does not mention. */
  readonly described: boolean;
  readonly members: readonly string[];
  /** Logical services that must be ready before this one starts; never a cycle. */
  readonly dependsOn: readonly string[];
  readonly images: readonly string[];
  readonly healthTimeoutMs: number;
  readonly minHealthyMs: number;
}

export interface ConfigSummary {
  /** SHA-256 of the pinned configuration. */
  readonly digest: string;
  readonly project: string;
  readonly services: readonly ServiceSummary[];
}

export interface ComposeActivities {
  readConfig(ctx: StepContext, input: ReadConfigInput): Promise<ConfigSummary>;
}

export function createComposeActivities(deps: PlatformDependencies): ComposeActivities {
  return {
    /** Writes only this run's own files, whole or not at all, so a retry is safe. */
    async readConfig(_ctx, { envFile }) {
      const attempt = currentAttempt();
      const platform = await attempt.platform();
      const text = await resolvedConfig(deps.compose, attempt, platform, envFile);
      const config = parseComposeConfig(text);
      const services = logicalServices(platform, config);
      for (const { name, kind } of services) kindOf(name, kind);
      await writeFileAtomic(pinnedFile(attempt.runDirectory), text, { mode: 0o600 });
      const pinned = pinnedSource(platform, attempt.runDirectory);
      const hashes = await deps.compose.configHashes(pinned, childHooks(attempt));
      await writePinnedHashes(attempt.runDirectory, hashes);
      return {
        digest: digestOf(text),
        project: platform.compose.project,
        services: services.map(({ settings: _settings, ...service }) => ({
          ...service,
          images: [...new Set(service.members.map((member) => imageOf(config, member)))],
        })),
      };
    },
  };
}

async function resolvedConfig(
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
