import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../support/world.ts';
import type { CrashSubject } from './harness.ts';

/** Each runbook joins the crash tests by a line here. */
export const subjects: readonly CrashSubject[] = [
  { runbook: 'deploy', prepare: (world) => world.fresh() },
  {
    runbook: 'restart',
    request: { params: { services: ['db', 'web'] } },
    prepare: (world) => world.deployed(),
  },
  { runbook: 'migrate-secrets', prepare: (world) => unmigrated(world) },
  { runbook: 'verify-platform', prepare: (world) => world.deployed() },
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

const original = new Map<string, ReadonlyMap<string, string>>();

/** As it was before any migration: a deploy puts the token back into the environment file. */
async function unmigrated(world: World): Promise<void> {
  const { platform } = world;
  const names = ['compose.yaml', 'platform.yaml'];
  const texts = names.map(async (name) => [name, await platform.read(name)] as const);
  const kept = original.get(platform.directory) ?? new Map(await Promise.all(texts));
  original.set(platform.directory, kept);
  for (const [name, text] of kept) await platform.edit(name, () => text);
  const delivered = join(platform.directory, '.secrets', 'delivered', 'web');
  await rm(delivered, { recursive: true, force: true });
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
