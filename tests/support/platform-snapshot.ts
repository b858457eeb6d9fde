import { execa } from 'execa';
import type { PlatformCopy } from './platform-copy.ts';

/** What runs of a platform, as Docker tells it; two that are equal run the same. */
export interface PlatformSnapshot {
  /** `service state configuration image`, sorted. */
  readonly containers: readonly string[];
  readonly networks: number;
}

export async function snapshotOf(platform: PlatformCopy): Promise<PlatformSnapshot> {
  const ids = (await platform.containers()).map(({ id }) => id);
  const parts = [
    '{{index .Config.Labels "com.docker.compose.service"}}',
    '{{.State.Status}}',
    '{{index .Config.Labels "com.docker.compose.config-hash"}}',
    '{{.Image}}',
  ];
  const lines =
    ids.length === 0
      ? ''
      : (await execa('docker', ['inspect', '--format', parts.join(' '), ...ids])).stdout;
  return {
    containers: lines.split('\n').filter(Boolean).sort(),
    networks: (await platform.networks()).length,
  };
}
