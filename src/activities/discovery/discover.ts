import { errorFacts } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { Name } from '../../shared/name.ts';
import { type ComposeCli, createComposeCli } from '../docker/compose-cli.ts';
import { createDockerEngine, type DockerEngine } from '../docker/engine.ts';
import { type ComposeSighting, sightConfig } from './compose-sighting.ts';
import { type ContainerSighting, sightContainer } from './container-sighting.ts';
import { describeServices } from './describe.ts';
import type { Discovery } from './discovered.ts';
import { driftOf } from './drift.ts';
import { guessServices } from './guess.ts';
import { createMachine, type Machine } from './machine.ts';
import { type DiscoveryRequest, sourceOf } from './request.ts';
import { sightService } from './sight-service.ts';

export interface DiscoveryDependencies {
  readonly machine: Machine;
  readonly engine: DockerEngine;
  readonly compose: ComposeCli;
}

/** The adapters to this machine's Docker and Compose. */
export const thisMachine = (): DiscoveryDependencies => ({
  machine: createMachine(),
  engine: createDockerEngine(),
  compose: createComposeCli(),
});

/** What a compose project consists of, from its files and from its containers where there are any. Only reads. */
export async function discover(
  deps: DiscoveryDependencies,
  request: DiscoveryRequest,
): Promise<Discovery> {
  const { project, hasContainers } = request;
  const inspected = hasContainers ? await deps.machine.inspect(project) : [];
  const containers = inspected.map(sightContainer).filter(({ facts }) => !facts.oneOff);
  const { sightings: all, notFilledIn } = await readComposeFiles(deps.compose, request);
  const active = containers.length > 0 ? profilesOf(all, containers) : request.profiles;
  const profiles = active.filter(isName);
  const own = all.filter((seen) => isPart(seen, profiles));
  const named = own.filter(({ service }) => isName(service));
  const sightings = named.map((seen) => sightService(seen, own, containers));
  const { services, doubts } = await describeServices(
    deps.engine,
    request,
    guessServices(sightings),
    { composed: own, containers },
  );
  const drift = notFilledIn === undefined ? await driftOf(deps, request, profiles, containers) : [];
  const known = new Set(own.map(({ service }) => service));
  const strangers = new Set(
    containers.map(({ facts }) => facts.service).filter((name) => !known.has(name)),
  );
  return {
    services,
    profiles,
    containers: containers.length,
    ...(notFilledIn === undefined ? {} : { notFilledIn }),
    doubts: [
      ...(inspected.length < limits.discoveredContainers
        ? []
        : [`only ${limits.discoveredContainers} containers were looked at`]),
      ...own
        .filter((seen) => !named.includes(seen))
        .map(
          ({ service }) =>
            `${service} cannot stand in a platform file: a name there has lower-case letters, digits, "-" and "_"; Docker's own word counts for it`,
        ),
      ...active
        .filter((name) => !isName(name))
        .map(
          (name) => `the profile ${name} cannot stand in a platform file: rename it in lower case`,
        ),
      ...[...strangers].map((name) => `${name} has containers, and no compose file has it`),
      ...doubts,
      ...drift,
    ],
  };
}

const isName = (text: string): boolean => Name.safeParse(text).success;

/** Filled in where that is possible, else as the files stand: a variable may be set nowhere here. */
async function readComposeFiles(compose: ComposeCli, request: DiscoveryRequest) {
  const source = sourceOf(request, ['*']);
  try {
    return { sightings: sightConfig(await compose.config(source, {}), request.project) };
  } catch (error) {
    const { code, why } = errorFacts(error);
    if (code !== 'RB_COMPOSE_INVALID') throw error;
    const draft = await compose.draft(source, {});
    return { sightings: sightConfig(draft, request.project), notFilledIn: why ?? code };
  }
}

/** Services with several profiles are looked at last: one of theirs may be known to be there by then. */
function profilesOf(
  all: readonly ComposeSighting[],
  containers: readonly ContainerSighting[],
): readonly string[] {
  const present = new Set(containers.map(({ facts }) => facts.service));
  const found = new Set<string>();
  const wanted = all.filter(({ service, profiles }) => profiles.length > 0 && present.has(service));
  for (const { profiles } of wanted.toSorted((a, b) => a.profiles.length - b.profiles.length)) {
    const [first] = profiles;
    if (first !== undefined && !profiles.some((name) => found.has(name))) found.add(first);
  }
  return [...found].sort();
}

const isPart = ({ profiles }: ComposeSighting, active: readonly string[]): boolean =>
  profiles.length === 0 || profiles.some((name) => active.includes(name));
