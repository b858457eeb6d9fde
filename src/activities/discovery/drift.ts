import { compareMember } from '../docker/compare-member.ts';
import type { ComposeCli } from '../docker/compose-cli.ts';
import { imageOf, parseComposeConfig } from '../docker/compose-model.ts';
import type { DockerEngine } from '../docker/engine.ts';
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
  const source = sourceOf(request, profiles);
  const [text, hashes] = await Promise.all([
    compose.config(source, {}),
    compose.configHashes(source, {}),
  ]);
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
