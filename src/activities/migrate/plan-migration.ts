import type { Platform } from '../../shared/platform-file.ts';
import { decideMoves } from '../../shared/secrets/decide-moves.ts';
import { describeAccounts } from '../../shared/secrets/describe-accounts.ts';
import { keepReferred } from '../../shared/secrets/keep-referred.ts';
import type { Migration } from '../../shared/secrets/migration.ts';
import { openFiles } from '../../shared/secrets/obstacles.ts';
import type { Sighting } from '../../shared/secrets/sight-credentials.ts';
import type { Attempt } from '../attempt.ts';
import { sightProject } from '../discovery/discover-secrets.ts';
import type { Machine } from '../discovery/machine.ts';
import { processesOf } from '../docker/container-processes.ts';
import { openPlatformStore } from '../secrets/store.ts';
import { kinds } from '../services/registry.ts';
import { accountFacts } from './account-facts.ts';
import { type PinnedMigration, readPinnedMigration } from './migration-folder.ts';
import { readProjectFiles, textsOf } from './project-texts.ts';
import { serviceFacts } from './service-facts.ts';

export interface MigrateDependencies {
  readonly machine: Pick<Machine, 'inspect'>;
  /** Absolute paths. */
  readonly platformFiles: readonly string[];
}

/** The migration as the run has pinned it, or, before its backup, as the platform stands now. */
export async function openMigration(
  deps: MigrateDependencies,
  attempt: Attempt,
): Promise<PinnedMigration & { readonly platform: Platform; readonly isPinned: boolean }> {
  const platform = await attempt.platform();
  const pinned = await readPinnedMigration(attempt.runDirectory);
  if (pinned !== undefined) return { ...pinned, platform, isPinned: true };
  return { ...(await planMigration(deps, platform)), platform, isPinned: false };
}

async function planMigration(
  { machine, platformFiles }: MigrateDependencies,
  platform: Platform,
): Promise<PinnedMigration> {
  const files = await readProjectFiles(platform, platformFiles);
  const { project } = platform.compose;
  const containers = (await machine.inspect(project, 'all')).filter(
    ({ Config }) => Config.Labels['com.docker.compose.oneoff'] !== 'True',
  );
  const { sightings, seen } = await sightProject(
    { inspect: async () => containers },
    {
      ...{ project, directory: platform.directory, composeFiles: platform.compose.files },
      ...{ envFile: platform.environment.file, hasContainers: true, declared: platform },
      today: today(),
    },
  );
  const stored = await storedValues(platform);
  const texts = textsOf(files, platform);
  const moving: Migration = decideMoves(sightings.filter(isNoHarmless), {
    files: openFiles(texts.composeFiles),
    services: serviceFacts(platform, containers, await processesOf(containers.map(({ Id }) => Id))),
    delivered: texts.delivered,
    declared: new Map(
      Object.entries(platform.environment.variables).map(([name, { description, secret }]) => [
        name,
        { description, ...(secret === undefined ? {} : { length: secret.length }) },
      ]),
    ),
    waiverOf: waivers(platform),
    isFree: (name, value) => {
      const known = stored.get(name);
      if (known !== undefined) return known === value;
      return !Object.hasOwn(platform.secrets.items, name);
    },
  });
  const kept = keepReferred(moving, texts, seen.otherEnvFiles);
  return { migration: describeAccounts(kept, accountFacts(platform, containers)), files };
}

const today = () => new Date().toISOString().slice(0, 10);

const isNoHarmless = ({ name }: Sighting): boolean =>
  !kinds.some(({ notSecret }) => notSecret?.test(name) ?? false);

function waivers({ secrets }: Platform): (sighting: Sighting) => string | undefined {
  const open = secrets.waivers.filter(({ expires }) => expires >= today());
  return ({ what, name }) => {
    const found = open.find((waiver) => waiver.what === what || waiver.what === name);
    return found && `waived until ${found.expires}: ${found.reason}`;
  };
}

/** Present values by name, of all that the store has. */
async function storedValues(platform: Platform): Promise<ReadonlyMap<string, string>> {
  const store = openPlatformStore(platform);
  const values = new Map<string, string>();
  for (const name of await store.everMinted()) {
    const current = await store.readCurrent(name);
    if (current !== undefined) values.set(name, current.value);
  }
  return values;
}
