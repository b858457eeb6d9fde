import type { StepContext } from '../shared/step-context.ts';
import { currentAttempt } from './attempt.ts';
import { imageOf } from './docker/compose-model.ts';
import { digestOf, pinnedFile, pinnedSource, writePinnedHashes } from './docker/pinned-config.ts';
import { writeFileAtomic } from './files.ts';
import { childHooks, type PlatformDependencies } from './opened-platform.ts';
import { resolveConfig } from './resolved-config.ts';

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
      const { text, config, services } = await resolveConfig(
        deps.compose,
        attempt,
        platform,
        envFile,
      );
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
