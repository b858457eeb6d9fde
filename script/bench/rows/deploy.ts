import { join } from 'node:path';
import { execa } from 'execa';
import { findComposeBinary } from '../../../src/activities/docker/compose-binary.ts';
import type { RunReport } from '../../../src/shared/report.ts';
import { World } from '../../../tests/support/world.ts';
import { compared, type Row, sideBySide, timeMs } from '../measure.ts';

const healthy = ['db', 'web'];

/** The real runbook on three small containers against Compose alone. */
export const deploy: Row = {
  name: 'deploy',
  what: 'deploy against docker compose up -d --wait',
  measure: async (quick) => {
    const world = await World.open({ platform: 'mini' });
    try {
      // Builds the image and makes the secrets that Compose mounts.
      await deployed(world);
      const first = await sideBySide(
        quick ? 1 : 5,
        async () => {
          await world.platform.wipe();
          const startedMs = Date.now();
          return healthyAtMs(await deployed(world)) - startedMs;
        },
        async () => {
          await world.platform.wipe();
          return timeMs(() => composeUp(world));
        },
      );
      await world.platform.wipe();
      await deployed(world);
      // Compose starts the finished one-shot again each time; that is its way, and part of what is compared.
      const again = await sideBySide(
        quick ? 1 : 8,
        () => timeMs(() => deployed(world)),
        () => timeMs(() => composeUp(world)),
      );
      const compose = 'docker compose up -d --wait';
      return [
        compared('deploy, no change', compose, again, 1.5),
        compared('first deploy, images present, to the last health gate', compose, first, 1.1),
      ];
    } finally {
      await world.close();
    }
  },
};

async function deployed(world: World): Promise<RunReport> {
  const report = await world.report(await world.start('deploy'));
  if (report.outcome !== 'succeeded') throw new Error(report.summary);
  return report;
}

/** When the last service was ready; what `deploy` verifies and records after that, Compose does not do. */
function healthyAtMs({ steps }: RunReport): number {
  const starts = steps.filter(({ id }) => id.startsWith('start-'));
  return Math.max(...starts.map(({ endedAt }) => Date.parse(endedAt ?? '')));
}

async function composeUp({ platform }: World): Promise<void> {
  const args = ['--project-name', platform.project, '--project-directory', platform.directory];
  args.push('--file', join(platform.directory, 'compose.yaml'));
  // All of them by name: without, `--wait` fails because the one-shot has ended.
  await execa(await findComposeBinary(), [...args, 'up', '-d', '--wait', ...healthy], {
    stdin: 'ignore',
  });
}
