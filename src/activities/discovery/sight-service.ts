import type { Sighting } from '../services/recognition.ts';
import type { ComposeSighting } from './compose-sighting.ts';
import type { ContainerSighting } from './container-sighting.ts';

/** What files and containers show of one service, together: an image brings a command and variables of its own. */
export function sightService(
  composed: ComposeSighting,
  all: readonly ComposeSighting[],
  containers: readonly ContainerSighting[],
): Sighting {
  const { service } = composed;
  const own = containers.find(({ facts }) => facts.service === service);
  const hasEnded = own?.facts.state === 'exited';
  return {
    service,
    image: composed.image,
    words: own?.words ?? composed.words,
    variables: union(composed.variables, own?.variables),
    ports: union(composed.ports, own?.ports),
    healthCheck: own?.healthCheck ?? composed.healthCheck,
    mounts: union(composed.mounts, own?.mounts),
    restartsOnSuccess: own?.facts.restartsOnSuccess ?? composed.restartsOnSuccess,
    isAwaitedEnd: all.some(
      ({ waitsFor }) => waitsFor[service] === 'service_completed_successfully',
    ),
    ...(hasEnded ? { exitCode: own.facts.exitCode } : {}),
  };
}

const union = <T>(some: readonly T[], more: readonly T[] = []): readonly T[] => [
  ...new Set([...some, ...more]),
];
