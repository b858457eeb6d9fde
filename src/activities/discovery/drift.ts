import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareMember } from '../docker/compare-member.ts';
import type { ComposeCli } from '../docker/compose-cli.ts';
import { imageOf, parseComposeConfig } from '../docker/compose-model.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { writeFileAtomic } from '../files.ts';
import type { ContainerSighting } from './container-sighting.ts';
import { type DiscoveryRequest, sourceOf } from './request.ts';

/** What a deploy would change although nobody wants a change: containers that are not as the files say now. */
export async function driftOf(
  { engine, compose }: { readonly engine: DockerEngine; readonly compose: ComposeCli },
  request: DiscoveryRequest,
  profiles: readonly string[],
  containers: readonly ContainerSighting[],
): Promise<readonly string[]> {
  if (containers.length === 0) return [];
  const text = await compose.config(sourceOf(request, profiles), {});
  const hashes = await hashesOf(compose, request, text);
  const config = parseComposeConfig(text);
  const drift = await Promise.all(
    Object.keys(config.services).map(async (member) => {
      const own = containers.filter(({ facts }) => facts.service === member);
      const { comparison, reason } = compareMember({
        member,
        containers: own.map(({ facts }) => facts),
        replicas: config.services[member],
        configHash: hashes[member],
        imageId: (await engine.image(imageOf(config, member)))?.id,
        finishes: 'unless-restarted',
      });
      if (reason === undefined) return [];
      return [`a deploy would ${comparison.action} ${reason}`];
    }),
  );
  return drift.flat();
}

/**
 * Compose writes on a container the hash of what it has resolved, and tells another one for files that still name
 * environment files: it is asked about the resolved configuration, in a folder that only its owner can enter.
 */
async function hashesOf(
  compose: ComposeCli,
  request: DiscoveryRequest,
  text: string,
): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-init-'));
  try {
    const file = join(folder, 'compose.json');
    await writeFileAtomic(file, text, { mode: 0o600 });
    const { envFile: _read, ...pinned } = request;
    return await compose.configHashes(sourceOf({ ...pinned, files: [file] }, ['*']), {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
