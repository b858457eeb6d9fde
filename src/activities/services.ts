import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import type { MemberComparison, ServiceComparison } from './compare.ts';
import { openPlatform, type PlatformDependencies } from './opened-platform.ts';
import { notHeld, restore } from './restore.ts';
import { changeWords, compareNow, up } from './service-state.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface ServiceInput {
  /** A logical service. */
  readonly service: string;
}

export interface ServiceVerdictInput extends ServiceInput {
  /** In a plan: image references that an earlier step would build or pull (`ImagesPlan`). */
  readonly pendingImages?: readonly string[];
}

export interface StartedService {
  /** What was done, in words. */
  readonly summary: string;
}

export interface ReadyService {
  readonly summary: string;
  /** When the gate for dependents opened, ISO 8601. */
  readonly readyAt: string;
  readonly waitedMs: number;
}

export interface RestoreInput extends ServiceInput {
  /** What `compareWithRunning` said of its members before the act. */
  readonly members: readonly MemberComparison[];
}

export interface RestoredService {
  readonly summary: string;
  /** False when the service was as before already. */
  readonly changed: boolean;
}

export interface ServicesActivities {
  serviceVerdict(
    ctx: StepContext,
    input: ServiceVerdictInput,
  ): Promise<ProbeVerdict<ServiceComparison>>;
  startService(ctx: StepContext, input: ServiceInput): Promise<StartedService>;
  awaitReady(ctx: StepContext, input: ServiceInput): Promise<ReadyService>;
  restoreService(ctx: StepContext, input: RestoreInput): Promise<RestoredService>;
}

export function createServicesActivities(deps: PlatformDependencies): ServicesActivities {
  return {
    /** Reads only, so a retry is always safe. */
    async serviceVerdict(_ctx, { service, pendingImages }) {
      const opened = await openPlatform(deps);
      const comparison = await compareNow(deps, opened, service, pendingImages);
      if (comparison.action !== 'unchanged') {
        const now = comparison.reasons.join('; ');
        const lost = await notHeld(deps, opened, comparison.members);
        const words = `no release holds ${lost.join(', ')} as it runs: it cannot be put back`;
        return {
          state: 'absent',
          now,
          change: changeWords(comparison),
          output: comparison,
          ...(lost.length === 0 ? {} : { cannotUndo: words }),
        };
      }
      const { health, handle } = opened.open(service);
      const verdict = await health.check(handle);
      return verdict.ready
        ? { state: 'in-place', now: verdict.summary, output: comparison }
        : { state: 'absent', now: verdict.summary, change: 'wait until ready', output: comparison };
    },

    /** Leaves alone what is as it should be, above all a job that has ended, so a retry is safe. */
    async startService(_ctx, { service }) {
      const opened = await openPlatform(deps);
      const comparison = await compareNow(deps, opened, service);
      const changing = comparison.members.flatMap(({ member, action }) =>
        action === 'unchanged' ? [] : [member],
      );
      // After a reset the probe may be from before: Compose would start an ended job once more.
      if (changing.length > 0) await up(deps, opened, changing);
      return { summary: changeWords(comparison) };
    },

    /** Reads only, so a retry is always safe. */
    async awaitReady(_ctx, { service }) {
      return waitUntilReady(deps, await openPlatform(deps), service);
    },

    /** Compares with the state before and changes what differs, so a retry is safe. */
    async restoreService(_ctx, input) {
      return restore(deps, await openPlatform(deps), input);
    },
  };
}
