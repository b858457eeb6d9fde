import { count } from '../../report/text.ts';
import { refuse } from '../../shared/errors.ts';
import type { Left, Migration } from '../../shared/secrets/migration.ts';
import type { StepContext } from '../../shared/step-context.ts';
import { currentAttempt } from '../attempt.ts';
import {
  type NoInput,
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
} from '../opened-platform.ts';
import { pinnedOnce } from '../run-pin.ts';
import { compareNow } from '../service-state.ts';
import { type MigrateDependencies, openMigration } from './plan-migration.ts';

/** A migration in names alone, as it travels. */
export interface MigrationSummary {
  readonly secrets: readonly {
    readonly name: string;
    readonly source?: string;
    /** `pg1 (configuration file)` */
    readonly consumers: readonly string[];
    readonly left: readonly Left[];
    /** Why the rotation leaves it out; absent when it does not. */
    readonly notRotated?: string;
  }[];
  readonly notCovered: Migration['notCovered'];
  /** Compose services that are made anew. */
  readonly services: readonly string[];
}

export const createInventoryActivities = (deps: MigrateDependencies & PlatformDependencies) => ({
  /**
   * Reads, and keeps a good answer: a run that is reset does not take its own changes for those of others, so a retry
   * is safe. Images are not built here, so what a build would change does not count.
   */
  async requireUnchanged(_ctx: StepContext, _input: NoInput): Promise<{ summary: string }> {
    const opened = await openPlatform(deps);
    return pinnedOnce(opened.attempt, 'as-deployed', () => lookUnchanged(deps, opened));
  },

  /** Reads only, so a retry is always safe. */
  async findMigration(_ctx: StepContext, _input: NoInput): Promise<MigrationSummary> {
    const attempt = currentAttempt();
    const { migration } = await openMigration(deps, attempt);
    for (const { name, what, place, why } of leftOf(migration)) {
      attempt.log(`${name} stays at ${place} (${what}): ${why}`);
    }
    return {
      secrets: migration.secrets.map(({ name, source, left, notRotated }) => ({
        name,
        ...(source === undefined ? {} : { source }),
        consumers: migration.moves.flatMap(({ secret, service, intake }) =>
          secret === name ? [`${service} (${intake.how})`] : [],
        ),
        left,
        ...(notRotated === undefined ? {} : { notRotated }),
      })),
      notCovered: migration.notCovered,
      services: migration.services.map(({ service }) => service),
    };
  },
});

/** Everything that keeps its value, with the reason. */
export const leftOf = ({ secrets, notCovered }: Migration) => [
  ...secrets.flatMap(({ name, left }) => left.map((one) => ({ ...one, name }))),
  ...notCovered,
];

async function lookUnchanged(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
): Promise<{ summary: string }> {
  const services = await Promise.all(
    opened.services.map(({ name }) => compareNow(deps, opened, name)),
  );
  const differing = services.filter(({ action }) => action !== 'unchanged');
  if (differing.length === 0) {
    return { summary: `${count(services.length, 'service')} as configured` };
  }
  throw refuse(
    'RB_NOT_DEPLOYED',
    'the platform does not run as its files say',
    differing
      .map(({ name, action, reasons }) => `${name}: to ${action}: ${reasons.join('; ')}`)
      .join('\n'),
    'run `runbook start deploy` first: this run changes one thing only',
  );
}
