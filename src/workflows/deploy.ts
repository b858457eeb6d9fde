import type { EnvironmentFacts, WrittenEnvironment } from '../activities/environment.ts';
import type { ImagesPlan, PreparedImages } from '../activities/images.ts';
import { count } from '../report/text.ts';
import { bringUp, type Gates } from './bring-up.ts';
import { requireInPlace } from './engine/failures.ts';
import { runbook } from './engine/runbook.ts';
import { compare, readConfig, recordRelease, settle, verify } from './platform-steps.ts';

/** Brings the platform to what its files say, or back to what it was. */
export const deploy = runbook(async (run) => {
  await run.step<EnvironmentFacts | WrittenEnvironment>({
    id: 'environment',
    title: 'Generate missing secrets and write the environment',
    risk: 'reversible',
    // Also refuses compose files that could not be used with it: a broken one leaves nothing behind.
    probe: (a) => a.environmentVerdict({}),
    act: (a) => a.writeEnvironment({}),
    verify: async (a) => requireInPlace(await a.environmentVerdict({})),
    keeps: 'secrets and the environment file stay; the previous file is kept beside it',
    result: (output) => ('done' in output ? output.done.join(', ') : undefined),
  });

  const config = await readConfig(run);
  const before = await compare(run);

  const { build, pull } = await run.step<
    Pick<ImagesPlan, 'build' | 'pull'> & Partial<PreparedImages>
  >({
    id: 'images',
    title: 'Build or pull images',
    risk: 'reversible',
    probe: (a) => a.imagesVerdict({}),
    act: async (a) => {
      const prepared = await a.prepareImages({});
      return { build: [], pull: [], ...prepared };
    },
    verify: (a) => a.imagesPresent({}),
    actLimit: '60m',
    keeps: 'images stay',
    expect: { build: [], pull: [] },
    result: preparedWords,
  });

  const missingNetworks = before.missingNetworks.join(', ');
  await run.step<unknown>({
    id: 'networks',
    title: 'Create networks',
    risk: 'reversible',
    probe: async () => ({
      state: before.missingNetworks.length === 0 ? 'in-place' : 'absent',
      now: before.networks.length === 0 ? 'no networks' : `networks ${before.networks.join(', ')}`,
      change: `${missingNetworks} with the first service that needs it`,
    }),
    verify: async () => `${missingNetworks} comes with the first service that needs it`,
    undo: (a) => a.removeNetworks({ before: before.networks }),
  });

  const gates: Gates = new Map();
  await run.inOrder(config.services, (service) =>
    bringUp(run, service, before, [...build, ...pull], gates),
  );

  if (run.params.removeOrphans === true && before.orphans.length > 0) {
    await run.step<unknown>({
      id: 'orphans',
      title: 'Remove containers of services that are gone',
      risk: 'reversible',
      probe: (a) => a.orphansVerdict({ orphans: before.orphans }),
      act: (a) => a.removeOrphans({ orphans: before.orphans }),
      actLimit: '2m',
      keeps: 'removed orphans are not brought back; their volumes stay',
    });
  }

  await settle(run, gates);
  await verify(run, { since: run.startedAt, restartCounts: before.restartCounts, waitMs: 60_000 });

  await recordRelease(run);
});

function preparedWords({ built = [], pulled = [] }: Partial<PreparedImages>): string | undefined {
  const words = [
    ...(built.length > 0 ? [`${count(built.length, 'image')} built`] : []),
    ...(pulled.length > 0 ? [`${count(pulled.length, 'image')} pulled`] : []),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
