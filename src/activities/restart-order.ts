import type { ContainerFacts } from './docker/engine.ts';
import type { OpenedPlatform, OpenedService, PlatformDependencies } from './opened-platform.ts';

/** One start of one container, as Docker tells it. */
export interface Start {
  readonly containerId: string;
  /** ISO 8601; empty when it never started. */
  readonly startedAt: string;
}

/** A service that is to be restarted, as it stood when the run looked. */
export interface RestartTarget {
  readonly name: string;
  readonly service: string;
  /** In the order in which they go down. */
  readonly members: readonly string[];
  /** All at once; else one by one, each when the others are well. */
  readonly together: boolean;
  /** What a container must differ from to count as restarted. */
  readonly before: readonly Start[];
  readonly healthTimeoutMs: number;
  readonly minHealthyMs: number;
  /** Both without times, so that a plan reads the same when nothing that matters has changed. */
  readonly now: string;
  readonly change: string;
}

/** How a service is restarted, or in words why it cannot be. */
export async function orderOf(
  { engine }: PlatformDependencies,
  { project, open }: OpenedPlatform,
  name: string,
): Promise<RestartTarget | { readonly problem: string }> {
  const opened = open(name);
  const { service, kind } = opened;
  if (kind.finishes === 'always') return { problem: `${name} is a job: it runs once and ends` };
  if (kind.lifecycle === undefined) {
    return { problem: `the restart of ${name} is not covered by the kind ${kind.kind}` };
  }
  const containers = (
    await Promise.all(service.members.map((member) => engine.containers(project, member)))
  ).flat();
  const missing = service.members.filter(
    (member) => !containers.some((container) => container.service === member),
  );
  if (missing.length > 0) return { problem: `${name} has no container of ${missing.join(', ')}` };
  const order = await memberOrder(opened, containers);
  const { members, together } = order;
  return {
    name,
    service: name,
    members,
    together,
    before: containers.map(({ id, startedAt }) => ({ containerId: id, startedAt })),
    healthTimeoutMs: service.healthTimeoutMs,
    minHealthyMs: service.minHealthyMs,
    now: stateWords(containers),
    change: changeWords(name, order, service.healthTimeoutMs),
  };
}

interface Order {
  readonly members: readonly string[];
  readonly together: boolean;
}

async function memberOrder(
  { service, kind, handle }: OpenedService,
  containers: readonly ContainerFacts[],
): Promise<Order> {
  const alone = service.members.length === 1;
  const down = containers.every(({ state }) => state !== 'running');
  const order = alone || down ? 'together' : await kind.lifecycle?.restartOrder(handle);
  return order === undefined || order === 'together'
    ? { members: service.members, together: true }
    : { members: order, together: false };
}

/** A container that crashes over and over is as good as running here: it would be another word at each look. */
function stateWords(containers: readonly ContainerFacts[]): string {
  const down = containers.filter(({ state }) => state !== 'running' && state !== 'restarting');
  if (down.length === 0)
    return containers.length === 1 ? 'running' : `${containers.length} running`;
  return `down: ${down.map(({ service }) => service).join(', ')}`;
}

function changeWords(name: string, { members, together }: Order, healthTimeoutMs: number): string {
  const within = `within ${healthTimeoutMs / 1000} s`;
  if (!together) {
    return `restart ${members.join(', ')} one by one, each when the others are well; ${name} stays up`;
  }
  const [only] = members;
  const which = members.length === 1 ? only : `${members.join(', ')} at once`;
  return `restart ${which}; ${name} is away until it is ready, ${within}`;
}
