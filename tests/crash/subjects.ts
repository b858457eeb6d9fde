import { describeCredential, miniSecret, standing } from '../support/mini-credential.ts';
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
  {
    runbook: 'rotate-secrets',
    request: { params: { secrets: [miniSecret] } },
    prepare: async (world) => {
      await describeCredential(world);
      await world.deployed();
    },
    check: async (world) => {
      const { labels, delivered, values } = await standing(world);
      if (delivered && labels.pending === undefined && values.length === 2) return undefined;
      return JSON.stringify({ labels, delivered, values });
    },
  },
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

const label = (world: World, value: string) =>
  world.platform.edit('compose.yaml', (text) =>
    text
      .replace(/\n {4}labels: .*/, '')
      .replace(
        '    command: [web]',
        `    command: [web]\n    labels: { rbtest.change: "${value}" }`,
      ),
  );
