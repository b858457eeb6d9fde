import { dirname } from 'node:path';
import type { ComposeCli } from '../../src/activities/docker/compose-cli.ts';
import { imageOf } from '../../src/activities/docker/compose-model.ts';
import type {
  ContainerFacts,
  DockerEngine,
  ExecResult,
  LogLine,
} from '../../src/activities/docker/engine.ts';
import { readPinned } from '../../src/activities/docker/pinned-config.ts';

/** A Docker host in memory: what `up` makes of a pinned configuration, and what is left after each call. */
export interface DockerDouble {
  readonly engine: DockerEngine;
  readonly compose: ComposeCli;
  containers: ContainerFacts[];
  /** Image reference to id. */
  readonly images: Map<string, string>;
  networks: string[];
  readonly logs: Map<string, readonly LogLine[]>;
  /** Every effect, in order. */
  readonly effects: string[];
  exec: (containerId: string, argv: readonly string[]) => Partial<ExecResult>;
}

export function dockerDouble(project: string): DockerDouble {
  let next = 1;
  const world: DockerDouble = {
    containers: [],
    images: new Map(),
    networks: [],
    logs: new Map(),
    effects: [],
    exec: () => ({}),
    engine: {
      containers: async (name, service) =>
        name !== project
          ? []
          : world.containers.filter((own) => service === undefined || own.service === service),
      exec: async (id, argv) => ({ exitCode: 0, stdout: '', stderr: '', ...world.exec(id, argv) }),
      logs: async (id) => ({ lines: world.logs.get(id) ?? [], cut: false }),
      stopContainer: async (id) => change(id, { state: 'exited', exitCode: 0 }, 'stop'),
      startContainer: async (id) =>
        change(id, { state: 'running', startedAt: new Date(next++ * 1000).toISOString() }, 'start'),
      signalContainer: async (id, signal) => {
        world.effects.push(`${signal} ${id}`);
      },
      removeContainer: async (id) => {
        world.effects.push(`remove ${id}`);
        world.containers = world.containers.filter((own) => own.id !== id);
      },
      renameContainer: async (id, name) => change(id, { name }, 'rename'),
      image: async (reference) => {
        const id = world.images.get(reference);
        return id === undefined ? undefined : { id, labels: {} };
      },
      tagImage: async (id, reference) => {
        world.effects.push(`tag ${id} ${reference}`);
        world.images.set(reference, id);
      },
      untagImage: async (reference) => {
        world.effects.push(`untag ${reference}`);
        world.images.delete(reference);
      },
      networks: async () => world.networks,
      volumes: async () => [],
      removeNetworkIfEmpty: async (name) => {
        if (name.endsWith('-used')) return false;
        world.effects.push(`remove network ${name}`);
        world.networks = world.networks.filter((other) => other !== name);
        return true;
      },
      holdersOfPort: async () => [],
    },
    compose: {
      config: async () => '{}',
      draft: async () => '{}',
      configHashes: async () => ({}),
      build: async (_, services) => void world.effects.push(`build ${services.join()}`),
      pull: async (_, services) => void world.effects.push(`pull ${services.join()}`),
      async up(source, services) {
        world.effects.push(`up ${services.join()}`);
        const { config, hashes } = await readPinned(dirname(source.files[0] ?? ''));
        for (const service of services) {
          const imageId = world.images.get(imageOf(config, service)) ?? 'missing';
          const old = world.containers.find((own) => own.service === service);
          if (old?.configHash === hashes[service] && old?.imageId === imageId) {
            change(old.id, { state: 'running' }, undefined);
            continue;
          }
          world.containers = world.containers.filter((own) => own !== old);
          world.containers.push(
            container(service, {
              id: `${service}-${next++}`,
              configHash: hashes[service] ?? '',
              imageId,
            }),
          );
        }
      },
    },
  };
  const change = (id: string, changes: Partial<ContainerFacts>, effect: string | undefined) => {
    if (effect !== undefined) world.effects.push(`${effect} ${id}`);
    world.containers = world.containers.map((own) =>
      own.id === id ? { ...own, ...changes } : own,
    );
  };
  return world;
}

export const container = (
  service: string,
  changes: Partial<ContainerFacts> = {},
): ContainerFacts => ({
  id: `${service}-0`,
  name: `mini-${service}-1`,
  service,
  number: 1,
  oneOff: false,
  configHash: `${service}-hash`,
  imageId: `${service}-image`,
  imageReference: `${service}:1`,
  state: 'running',
  exitCode: 0,
  restartsOnSuccess: true,
  restartCount: 0,
  stopGraceSeconds: 10,
  startedAt: '2026-01-01T00:00:00Z',
  dockerHealth: 'none',
  addresses: [],
  ...changes,
});
