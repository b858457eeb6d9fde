import { RunbookError } from '../shared/errors.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { LogicalService } from './docker/logical-services.ts';
import { searchLogs } from './log-search.ts';
import { type NoInput, openPlatform, type PlatformDependencies } from './opened-platform.ts';
import { awaitAnswer } from './poll.ts';
import type { HealthVerdict } from './services/kind.ts';
import { settleServices } from './settle.ts';
import { verdictWords } from './wait-until-ready.ts';

export interface SettleTarget {
  readonly service: string;
  /** When its gate opened (`ReadyService.readyAt`). */
  readonly gateOpenedAt: string;
  readonly minHealthyMs: number;
}

export interface SettleInput {
  readonly targets: readonly SettleTarget[];
}

export interface Settled {
  readonly summary: string;
  readonly waitedMs: number;
}

export interface VerifyHealthInput {
  /** How long to wait until all are healthy; 0 looks once. */
  readonly waitMs?: number;
  /** Logical services; all when absent. */
  readonly services?: readonly string[];
}

export interface ServiceHealth {
  readonly service: string;
  readonly kind: string;
  readonly ready: boolean;
  readonly healthy: boolean;
  readonly summary: string;
}

export interface VerifiedHealth {
  readonly summary: string;
  readonly services: readonly ServiceHealth[];
}

export interface VerifyRestartsInput {
  /** Container id to its restart count before (`Comparison.restartCounts`); new containers start at 0. */
  readonly sinceCounts: Readonly<Record<string, number>>;
}

export interface VerifiedRestarts {
  readonly summary: string;
  readonly containers: number;
}

export interface VerifyLogsInput {
  /** ISO 8601; older lines are not looked at. */
  readonly since: string;
  readonly services?: readonly string[];
}

export interface VerifiedLogs {
  readonly summary: string;
  readonly linesRead: number;
  /** Lines that look like errors and that an allow line covers, or a rotation. */
  readonly allowed: number;
  /** Allow lines of the platform file whose date has passed: they cover nothing any more. */
  readonly expired: readonly string[];
  /** Members whose log was too long to be read to its end. */
  readonly cut: readonly string[];
}

export interface VerifyActivities {
  settle(ctx: StepContext, input: SettleInput): Promise<Settled>;
  verifyHealth(ctx: StepContext, input: VerifyHealthInput): Promise<VerifiedHealth>;
  verifyRestarts(ctx: StepContext, input: VerifyRestartsInput): Promise<VerifiedRestarts>;
  verifyLogs(ctx: StepContext, input: VerifyLogsInput): Promise<VerifiedLogs>;
  /** Restart counts as they are now, for a run that changes nothing. */
  readRestartCounts(ctx: StepContext, input: NoInput): Promise<VerifyRestartsInput>;
}

export function createVerifyActivities(deps: PlatformDependencies): VerifyActivities {
  const { engine } = deps;
  return {
    /** Reads only, so a retry is always safe. */
    async settle(_ctx, { targets }) {
      return settleServices(await openPlatform(deps), targets);
    },

    /** Reads only, so a retry is always safe. */
    async verifyHealth(_ctx, { waitMs = 0, services }) {
      const { attempt, open, services: all } = await openPlatform(deps);
      const opened = (services ?? all.map(({ name }) => name)).map(open);
      let last: readonly Seen[] = [];
      const healthy = await awaitAnswer(attempt, {
        timeoutMs: waitMs,
        words: () => answersOf(last).join('; '),
        check: async () => {
          last = await Promise.all(
            opened.map(async ({ health, handle, service }) => ({
              service,
              verdict: await health.check(handle),
            })),
          );
          return last.every(({ verdict }) => verdict.healthy) ? last : undefined;
        },
      });
      if (healthy === undefined) throw unhealthy(last, waitMs);
      return {
        summary: `${last.length} of ${last.length} services healthy`,
        services: last.map(toServiceHealth),
      };
    },

    /** Reads only, so a retry is always safe. */
    async verifyRestarts(_ctx, { sinceCounts }) {
      const { project } = await openPlatform(deps);
      const containers = await engine.containers(project);
      const restarted = containers
        .map(({ id, name, restartCount }) => ({
          name,
          times: restartCount - (sinceCounts[id] ?? 0),
        }))
        .filter(({ times }) => times > 0);
      if (restarted.length > 0) throw unexpectedRestarts(restarted);
      const summary = `no restart of ${containers.length} containers`;
      return { summary, containers: containers.length };
    },

    /** Reads only, so a retry is always safe. */
    async verifyLogs(_ctx, { since, services }) {
      return searchLogs(deps, await openPlatform(deps), new Date(since), services);
    },

    /** Reads only, so a retry is always safe. */
    async readRestartCounts() {
      const { project } = await openPlatform(deps);
      const containers = await engine.containers(project);
      const counts = containers.map(({ id, restartCount }) => [id, restartCount] as const);
      return { sinceCounts: Object.fromEntries(counts) };
    },
  };
}

interface Seen {
  readonly service: Pick<LogicalService, 'name' | 'kind'>;
  readonly verdict: HealthVerdict;
}

const toServiceHealth = ({ service, verdict }: Seen): ServiceHealth => ({
  service: service.name,
  kind: service.kind,
  ready: verdict.ready,
  healthy: verdict.healthy,
  summary: verdict.summary,
});

/** Of those that are not healthy. */
const answersOf = (seen: readonly Seen[]): readonly string[] =>
  seen
    .filter(({ verdict }) => !verdict.healthy)
    .map(({ service, verdict }) => `${service.name}: ${verdictWords(verdict)}`);

function unhealthy(seen: readonly Seen[], waitMs: number): RunbookError {
  const bad = seen.filter(({ verdict }) => !verdict.healthy).map(({ service }) => service.name);
  const when = waitMs === 0 ? '' : ` after ${waitMs / 1000} s`;
  return new RunbookError(
    'RB_UNHEALTHY',
    `${bad.length} of ${seen.length} services not healthy${when}: ${bad.join(', ')}`,
    {
      why: answersOf(seen).join('\n'),
      fix: 'correct the cause that their logs name (docker logs MEMBER), then try again',
      // It has had its time; the server would wait five times over.
      retry: waitMs === 0 ? 'maybe' : 'never',
    },
  );
}

function unexpectedRestarts(restarted: readonly { name: string; times: number }[]): RunbookError {
  return new RunbookError('RB_RESTARTED', `${restarted.length} containers restarted on their own`, {
    why: restarted.map(({ name, times }) => `${name}: ${times} times`).join('\n'),
    fix: 'read in their logs why they ended, then start a new run',
    retry: 'never',
  });
}
