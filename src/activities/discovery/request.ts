import type { ComposeSource } from '../docker/compose-cli.ts';

export interface DiscoveryRequest {
  readonly project: string;
  /** Absolute; the folder that paths in the compose files start from. */
  readonly directory: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly envFile?: string;
  /** Of a project without containers; of one with containers they are told by what runs. */
  readonly profiles: readonly string[];
  readonly hasContainers: boolean;
  /** Whether running services may be asked how they are. */
  readonly ask: boolean;
}

export const sourceOf = (
  { project, directory, files, envFile }: DiscoveryRequest,
  profiles: readonly string[],
): ComposeSource => ({
  ...{ project, directory, files, profiles },
  ...(envFile === undefined ? {} : { envFile }),
});
