import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, test } from 'vitest';
import { sightContainer } from '../../../src/activities/discovery/container-sighting.ts';
import { discover } from '../../../src/activities/discovery/discover.ts';
import type { DiscoveryRequest } from '../../../src/activities/discovery/request.ts';
import { RunbookError } from '../../../src/shared/errors.ts';
import { container, dockerDouble } from '../docker-double.ts';

const recorded = (name: string) => readFile(join(import.meta.dirname, 'recorded', name), 'utf8');
/** As the engine told of containers of tests/platforms/{shop,queue}, without what discovery does not read. */
const inspected = async (name: string): Promise<ContainerInspectInfo> =>
  JSON.parse(await recorded(`${name}.json`));

interface Situation {
  readonly project: 'shop' | 'queue';
  readonly containers: readonly string[];
  /** What commands in containers answer; by default there is no such program. */
  readonly exec?: (
    member: string,
    argv: readonly string[],
  ) => { stdout?: string; exitCode?: number };
  readonly request?: Partial<DiscoveryRequest>;
  readonly refused?: string;
}

async function found({ project, containers, exec, request, refused }: Situation) {
  const infos = await Promise.all(containers.map(inspected));
  const name = `acme-${project}`;
  const docker = dockerDouble(name);
  docker.containers = infos.map((info) => {
    const { facts } = sightContainer(info);
    return container(facts.service, facts);
  });
  docker.exec = (id, argv) => {
    const member = docker.containers.find((own) => own.id === id)?.service ?? '';
    return exec?.(member, argv) ?? { exitCode: 127 };
  };
  for (const info of infos) docker.images.set(info.Config.Image, info.Image);
  const config = await recorded(`${project}.compose.json`);
  const hashes = Object.fromEntries(docker.containers.map((own) => [own.service, own.configHash]));
  return discover(
    {
      machine: { look: async () => ({ projects: [], others: [] }), inspect: async () => infos },
      engine: docker.engine,
      compose: {
        ...docker.compose,
        config: async () => {
          if (refused === undefined) return config;
          throw new RunbookError('RB_COMPOSE_INVALID', 'refused', { why: refused });
        },
        draft: async () => config,
        configHashes: async () => hashes,
      },
    },
    {
      ...{ project: name, directory: `/srv/${project}`, files: [`/srv/${project}/compose.yaml`] },
      ...{ profiles: [], hasContainers: containers.length > 0, ask: true },
      ...request,
    },
  );
}

const curl = (status: number, body = '') => ({ stdout: `curl\n${body}\n${status}`, exitCode: 0 });
const shop = ['db', 'shop', 'worker'];
const queue = ['store-1', 'edge', 'create-schema', 'spare'];

test('a container shows names of variables and no value', async () => {
  const seen = sightContainer(await inspected('db'));
  expect(seen.variables).toContain('POSTGRES_PASSWORD');
  expect(JSON.stringify(seen)).not.toContain('correct-horse');
  expect(seen).toMatchObject({
    ports: [5432],
    mounts: ['/var/lib/postgresql/data'],
    words: ['docker-entrypoint.sh', 'postgres'],
    healthCheck: ['pg_isready -q -h 127.0.0.1 -U $POSTGRES_USER'],
  });
});

describe('a service that answers as its kind', () => {
  test('is proved, with the settings that it answered with', async () => {
    const { services } = await found({
      project: 'shop',
      containers: shop,
      exec: (member, argv) => {
        if (member === 'db') return { exitCode: 0, stdout: argv.includes('psql') ? '1\n' : '' };
        return member === 'shop' ? curl(200) : { exitCode: 127 };
      },
    });
    expect(services.map(({ name, kind, certainty }) => [name, kind, certainty])).toEqual([
      ['db', 'postgres', 'proved'],
      ['shop', 'http', 'proved'],
      ['worker', 'container', 'guess'],
    ]);
    expect(services[0]).toMatchObject({
      settings: { userVariable: 'POSTGRES_USER', containerUser: 'postgres' },
      answer: 'answers queries',
    });
  });

  test('is asked with one setting after the other', async () => {
    const { services } = await found({
      project: 'queue',
      containers: queue,
      exec: (member, argv) => {
        const url = argv[4] ?? '';
        const csv = '# pxname,svname,status\nstore,BACKEND,UP\n';
        return member === 'edge' && url.includes(':9090/stats;csv') ? curl(200, csv) : curl(0);
      },
    });
    expect(services.find(({ name }) => name === 'edge')).toMatchObject({
      kind: 'haproxy',
      settings: { statsPort: 9090 },
      certainty: 'proved',
    });
  });
});

test('a service that Docker finds well and that does not answer as its kind is a container, with what to do', async () => {
  const { services } = await found({ project: 'queue', containers: queue });
  const spare = services.find(({ name }) => name === 'spare');
  expect(spare).toMatchObject({ kind: 'container', settings: {}, certainty: 'guess' });
  expect(spare?.todo).toMatch(/^it looks like \{ kind: etcd \}, and did not answer as one/);
});

test('nobody is asked who should not be', async () => {
  const { services } = await found({
    project: 'shop',
    containers: shop,
    request: { ask: false },
    exec: () => {
      throw new Error('asked');
    },
  });
  expect(services.map(({ kind, certainty }) => [kind, certainty])).toEqual([
    ['postgres', 'sure'],
    ['http', 'likely'],
    ['container', 'guess'],
  ]);
});

test('services of a profile belong to the project when they have containers', async () => {
  const without = await found({ project: 'shop', containers: shop });
  expect(without.profiles).toEqual([]);
  expect(without.services.map(({ name }) => name)).not.toContain('statistics');
  const asked = await found({
    project: 'shop',
    containers: [],
    request: { profiles: ['reports'] },
  });
  expect(asked.profiles).toEqual(['reports']);
  expect(asked.services.map(({ name }) => name)).toContain('statistics');
});

test('what cannot stand in a platform file is said', async () => {
  const { services, doubts } = await found({ project: 'queue', containers: [] });
  expect(services.map(({ name }) => name)).toEqual(['create-schema', 'edge', 'spare', 'store']);
  expect(doubts).toEqual([expect.stringMatching(/^Ballast\.1 cannot stand in a platform file/)]);
});

test('files that cannot be filled in are read as they stand, and it is said why', async () => {
  const { services, notFilledIn, doubts } = await found({
    project: 'shop',
    containers: [],
    refused: 'required variable DB_PASSWORD is missing a value',
  });
  expect(services.map(({ name }) => name)).toEqual(['db', 'shop', 'worker']);
  expect(notFilledIn).toContain('DB_PASSWORD');
  expect(doubts).toEqual([]);
});

test('containers of a service that no file has are named', async () => {
  const { doubts } = await found({ project: 'queue', containers: [...queue, 'db'] });
  expect(doubts).toContain('db has containers, and no compose file has it');
});

test('members that would wait for each other as one stay services of their own', async () => {
  const infos = await Promise.all(['store-1'].map(inspected));
  const docker = dockerDouble('acme-queue');
  const service = (depends_on: Record<string, object>) => ({ image: 'etcd:3.5', depends_on });
  const config = JSON.stringify({
    name: 'acme-queue',
    services: {
      e1: service({}),
      between: { image: 'a', depends_on: { e1: {} } },
      e2: service({ between: {} }),
    },
  });
  const { services, doubts } = await discover(
    {
      machine: { look: async () => ({ projects: [], others: [] }), inspect: async () => infos },
      engine: docker.engine,
      compose: { ...docker.compose, config: async () => config },
    },
    {
      ...{ project: 'acme-queue', directory: '/srv', files: ['/srv/compose.yaml'] },
      ...{ profiles: [], hasContainers: false, ask: false },
    },
  );
  expect(services.map(({ name }) => name)).toEqual(['e1', 'e2', 'between']);
  expect(doubts).toEqual([expect.stringContaining('wait for each other')]);
});
