import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { openPlatform, type PlatformDependencies } from './opened-platform.ts';

export interface RemoveNetworksInput {
  /** The networks that were there before the run (`Comparison.networks`); they stay. */
  readonly before: readonly string[];
}

export interface RemovedNetworks {
  readonly removed: readonly string[];
  /** Made by the run, but something still uses them. */
  readonly inUse: readonly string[];
}

export interface OrphansInput {
  /** Compose services, as `Comparison.orphans` lists them. */
  readonly orphans: readonly string[];
}

export interface RemovedOrphans {
  /** Container names. */
  readonly removed: readonly string[];
}

export interface LeftoverActivities {
  removeNetworks(ctx: StepContext, input: RemoveNetworksInput): Promise<RemovedNetworks>;
  orphansVerdict(ctx: StepContext, input: OrphansInput): Promise<ProbeVerdict>;
  removeOrphans(ctx: StepContext, input: OrphansInput): Promise<RemovedOrphans>;
}

const stopGraceSeconds = 10;

export function createLeftoverActivities(deps: PlatformDependencies): LeftoverActivities {
  const { engine } = deps;
  return {
    /** A network that is gone already counts as removed, so a retry is safe. Volumes always stay. */
    async removeNetworks(_ctx, { before }) {
      const { attempt, project } = await openPlatform(deps);
      const made = (await engine.networks(project)).filter((name) => !before.includes(name));
      const removed: string[] = [];
      for (const name of made) {
        await attempt.checkFence();
        if (await engine.removeNetworkIfEmpty(name)) removed.push(name);
      }
      return { removed, inUse: made.filter((name) => !removed.includes(name)) };
    },

    /** Reads only, so a retry is always safe. */
    async orphansVerdict(_ctx, { orphans }) {
      const { project } = await openPlatform(deps);
      const containers = await engine.containers(project);
      const present = orphans.filter((name) => containers.some(({ service }) => service === name));
      return present.length === 0
        ? { state: 'in-place', now: 'no orphans' }
        : {
            state: 'absent',
            now: `no longer in the compose files: ${present.join(', ')}`,
            change: 'remove their containers; volumes stay',
          };
    },

    /** Removes what is still there, so a retry is safe; a service that is configured is never touched. */
    async removeOrphans(_ctx, { orphans }) {
      const { attempt, project, pinned } = await openPlatform(deps);
      const removed: string[] = [];
      for (const { id, name, service } of await engine.containers(project)) {
        if (!orphans.includes(service) || service in pinned.config.services) continue;
        await attempt.checkFence();
        await engine.stopContainer(id, stopGraceSeconds);
        await engine.removeContainer(id);
        attempt.log(`removed ${name}`);
        removed.push(name);
      }
      return { removed };
    },
  };
}
