import type { StepContext } from '../../shared/step-context.ts';
import { pinnedSource, readPinned } from '../docker/pinned-config.ts';
import { openPlatform, type PlatformDependencies } from '../opened-platform.ts';
import { up } from '../service-state.ts';
import type { RestoredService, RestoreInput } from '../services.ts';
import { waitUntilReady } from '../wait-until-ready.ts';
import { configBefore } from './migration-folder.ts';

export const createRestoreBeforeActivities = (deps: PlatformDependencies) => ({
  /** Makes anew only what does not run from the old configuration, so a retry is safe. Volumes stay. */
  async restoreServiceBefore(
    _ctx: StepContext,
    { service, members }: RestoreInput,
  ): Promise<RestoredService> {
    const opened = await openPlatform(deps);
    const folder = configBefore(opened.attempt.runDirectory);
    const pinned = await readPinned(folder);
    const old = { ...opened, pinned, source: pinnedSource(opened.platform, folder) };
    const differing: string[] = [];
    for (const { member } of members) {
      const containers = await deps.engine.containers(opened.project, member);
      const isAsBefore = containers.every(
        ({ configHash, state, exitCode }) =>
          configHash === pinned.hashes[member] && (state === 'running' || exitCode === 0),
      );
      if (containers.length === 0 || !isAsBefore) differing.push(member);
    }
    if (differing.length > 0) await up(deps, old, differing);
    // Also after an attempt that was lost while it waited.
    await waitUntilReady(deps, old, service);
    if (differing.length === 0) return { summary: 'as it was before', changed: false };
    return { summary: `${service} runs from its old configuration`, changed: true };
  },
});
