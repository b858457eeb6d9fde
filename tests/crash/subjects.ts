import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCredential, miniSecret, standing } from '../support/mini-credential.ts';
import { notRotated, passwordInEnvironment, rotated } from '../support/mini-env-password.ts';
import type { World } from '../support/world.ts';
import type { CrashSubject } from './harness.ts';

/** One of each way: two logins in turn, two at once, one that members of the service use, one that restarts. */
const consumersSecrets = ['postgres-canary', 's3-canary', 'postgres-replication', 's3-lakehouse'];

/** With what runbook itself, or the members of a service, come in. */
const administrators = ['postgres-superuser', 'postgres-rewind', 'patroni-rest', 'minio-root'];

/** Keycloak's own two, its database's, and one whose new value ends the old one. */
const keycloakSecrets = [
  ...['keycloak-admin', 'keycloak-canary'],
  ...['postgres-keycloak', 'postgres-canary-single'],
];

/** Each runbook joins the crash tests by a line here. */
export const subjects: readonly CrashSubject[] = [
  { runbook: 'deploy', prepare: (world) => world.fresh() },
  {
    runbook: 'restart',
    request: (platform) => ({
      params: { services: platform === 'mini' ? ['db', 'web'] : ['etcd', 'minio'] },
    }),
    prepare: (world) => world.deployed(),
  },
  {
    runbook: 'migrate-secrets',
    startsAnother: true,
    prepare: (world) => unmigrated(world),
    check: async (world, report) => {
      const { platform } = world;
      if (platform.kind === 'lab') return undefined;
      await rotated(world, report);
      const isMoved = !/WEB_TOKEN|DB_PASSWORD/.test(await platform.read('.env'));
      const file = await platform.read('.secrets/delivered/web/web-token').catch(() => '');
      if (!isMoved || file === '') return JSON.stringify({ isMoved, file: file !== '' });
      return notRotated(world);
    },
  },
  rotating(consumersSecrets),
  { runbook: 'verify-platform', prepare: (world) => world.deployed() },
];

/** The kinds of credentials that mini has no service for, in runs apart: one of all of them would take hours. */
export const labSubjects: readonly CrashSubject[] = [
  { ...rotating(administrators), of: 'administrators' },
  { ...rotating(keycloakSecrets), of: 'Keycloak and its database' },
];

/** A deploy that has something to go back to: a release, which runs, and a change of one service. */
export const change: CrashSubject = {
  runbook: 'deploy',
  prepare: async (world) => {
    await label(world, 'none');
    await world.deployed();
    await label(world, String(Date.now()));
  },
};

function rotating(ofLab: readonly string[]): CrashSubject {
  return {
    runbook: 'rotate-secrets',
    request: (platform) => ({ params: { secrets: platform === 'mini' ? [miniSecret] : ofLab } }),
    prepare: async (world) => {
      if (world.platform.kind === 'mini') await describeCredential(world);
      await world.deployed();
    },
    check: async (world) => {
      if (world.platform.kind === 'lab') return undefined;
      const { labels, delivered, values } = await standing(world);
      if (delivered && labels.pending === undefined && values.length === 2) return undefined;
      return JSON.stringify({ labels, delivered, values });
    },
  };
}

const original = new Map<string, ReadonlyMap<string, string>>();

/** As it was before any migration: a deploy puts what has moved back into the environment file. */
async function unmigrated(world: World): Promise<void> {
  const { platform } = world;
  if (platform.kind === 'mini' && !original.has(platform.directory)) {
    await passwordInEnvironment(platform);
  }
  const names = ['compose.yaml', 'platform.yaml'];
  const texts = names.map(async (name) => [name, await platform.read(name)] as const);
  const kept = original.get(platform.directory) ?? new Map(await Promise.all(texts));
  original.set(platform.directory, kept);
  for (const [name, text] of kept) await platform.edit(name, () => text);
  if (platform.kind === 'mini') {
    // The variable brings its first value back: what was rotated since would keep it from its name.
    for (const path of ['delivered', join('store', 'db-password')])
      await rm(join(platform.directory, '.secrets', path), { recursive: true, force: true });
  }
  await world.deployed();
}

const label = (world: World, value: string) =>
  world.platform.edit('compose.yaml', (text) =>
    text
      .replace(/\n {4}labels: .*/, '')
      .replace(
        '    command: [web]',
        `    command: [web]\n    labels: { rbtest.change: "${value}" }`,
      ),
  );
