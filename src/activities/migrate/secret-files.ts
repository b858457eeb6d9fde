import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import type { ProbeVerdict } from '../../shared/run-state.ts';
import type { Migration } from '../../shared/secrets/migration.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { currentAttempt } from '../attempt.ts';
import { hasCode } from '../files.ts';
import type { NoInput } from '../opened-platform.ts';
import { deliverSecrets } from '../secrets/deliver-current.ts';
import { deliveriesOf, deliveryGaps } from '../secrets/deliveries.ts';
import { hideFromGit } from '../secrets/hide-from-git.ts';
import { openPlatformStore } from '../secrets/store.ts';
import { type MigrateDependencies, openMigration } from './plan-migration.ts';
import { valuesOf } from './secret-values.ts';

export interface WrittenSecrets {
  readonly stored: readonly string[];
  readonly delivered: number;
}

export const createSecretFileActivities = (deps: MigrateDependencies) => ({
  /** Reads only, so a retry is always safe. */
  async secretFilesVerdict(
    _ctx: StepContext,
    _input: NoInput,
  ): Promise<ProbeVerdict<WrittenSecrets>> {
    const { migration, platform } = await openMigration(deps, currentAttempt());
    const store = openPlatformStore(platform);
    const missing: string[] = [];
    for (const { name } of migration.secrets) {
      if ((await store.readCurrent(name)) === undefined) missing.push(name);
    }
    const then = withItems(platform, migration);
    const gaps = await deliveryGaps(then);
    const count = deliveriesOf(then).length;
    // Nothing of the store: an undo, which leaves the values there, is told in these words.
    const now = `${count - gaps.length} of ${count} delivered`;
    if (missing.length === 0 && gaps.length === 0) {
      return { state: 'in-place', now, output: { stored: [], delivered: 0 } };
    }
    const consumers = gaps.map(
      ({ secret, consumer, uid }) => `${secret} to ${consumer} (uid ${uid})`,
    );
    return {
      state: 'absent',
      now,
      change: [
        ...(missing.length === 0 ? [] : [`take ${missing.join(', ')} into the store`]),
        ...(consumers.length === 0 ? [] : [`deliver ${consumers.join(', ')}`]),
      ].join('; '),
    };
  },

  /** A value in the store is never replaced and copies are written whole, so a repeat writes what is missing. */
  async writeSecretFiles(_ctx: StepContext, _input: NoInput): Promise<WrittenSecrets> {
    const attempt = currentAttempt();
    const { migration, platform, files } = await openMigration(deps, attempt);
    const store = openPlatformStore(platform);
    const values = valuesOf(migration, files);
    await attempt.checkFence();
    await hideFromGit(platform);
    const stored: string[] = [];
    for (const { name } of migration.secrets) {
      const value = values.get(name);
      if (value === undefined) throw valueGone(name);
      await attempt.checkFence();
      const { created } = await store.adopt(name, value);
      if ((await store.readCurrent(name))?.value !== value) throw otherValue(name);
      if (created) stored.push(name);
    }
    const gaps = await deliverSecrets(withItems(platform, migration), () => attempt.checkFence());
    for (const { consumer, secret } of gaps) attempt.log(`delivered ${secret} to ${consumer}`);
    return { stored, delivered: gaps.length };
  },

  /** Removes only copies that the migration asked for and the platform file does not, so a repeat is safe. */
  async removeSecretFiles(_ctx: StepContext, _input: NoInput): Promise<{ removed: number }> {
    const attempt = currentAttempt();
    const { migration, platform } = await openMigration(deps, attempt);
    const kept = new Set(deliveriesOf(platform).map(({ path }) => path));
    const added = deliveriesOf(withItems(platform, migration)).filter(
      ({ path }) => !kept.has(path),
    );
    for (const { path } of added) {
      await attempt.checkFence();
      await rm(path, { force: true });
      await removeIfEmpty(dirname(path));
    }
    return { removed: added.length };
  },
});

/** The platform as its file says it after the migration. */
function withItems(platform: Platform, { secrets, moves, services }: Migration): Platform {
  const uidOf = (service: string) => services.find((one) => one.service === service)?.uid ?? 0;
  const items = Object.fromEntries(
    secrets.map(({ name, description, length = 32 }) => {
      const known = platform.secrets.items[name];
      const deliver = Object.fromEntries(
        moves.flatMap(({ secret, service }) =>
          secret === name ? [[service, uidOf(service)] as const] : [],
        ),
      );
      return [
        name,
        {
          form: 'value' as const,
          description,
          length,
          ...known,
          deliver: { ...deliver, ...known?.deliver },
        },
      ];
    }),
  );
  const { secrets: own } = platform;
  return { ...platform, secrets: { ...own, items: { ...own.items, ...items } } };
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'ENOENT')) throw error;
  });
}

const valueGone = (name: string) =>
  refuse(
    'RB_MIGRATION_STALE',
    `the files do not hold the value of ${name} any more`,
    'they were read when the migration was decided, and were changed since',
    'start migrate-secrets again',
  );

const otherValue = (name: string) =>
  refuse(
    'RB_SECRET_UNKNOWN',
    `the store holds another value of ${name} than the files`,
    'it was put there by somebody else meanwhile',
    'start migrate-secrets again: it will choose another name',
  );
