import { setTimeout as wait } from 'node:timers/promises';
import { refuse } from '../shared/errors.ts';
import type { MemberComparison } from './compare.ts';
import type { DockerEngine } from './docker/engine.ts';
import { pinnedSource, readPinned } from './docker/pinned-config.ts';
import type { OpenedPlatform, PlatformDependencies } from './opened-platform.ts';
import { createReleaseStore, type Release } from './release-store.ts';
import { up } from './service-state.ts';
import type { RestoredService, RestoreInput } from './services.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const stopGraceSeconds = 10;
const quietLooks = 3;
const quietMs = 400;

/**
 * Puts a service back as it was before the run. What a release holds comes back from it; what was not there
 * goes; volumes stay in any case. A member that a release does not hold and that was replaced cannot return.
 */
export async function restore(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  { service, members }: RestoreInput,
): Promise<RestoredService> {
  const store = createReleaseStore(deps.stateDirectory, opened.platform.name);
  const release = await store.current();
  const held = members.filter(
    ({ member, action }) => action !== 'create' && release?.images[member] !== undefined,
  );
  const done: string[] = [];
  if (release !== undefined && held.length > 0) {
    done.push(
      ...(await fromRelease(deps, opened, release, store.folder(release.number), {
        service,
        held,
      })),
    );
  }
  const lost: string[] = [];
  for (const before of members.filter((member) => !held.includes(member))) {
    const result = await withoutRelease(deps, opened, before);
    if (result === 'lost') lost.push(before.member);
    else if (result !== undefined) done.push(result);
  }
  if (lost.length > 0) throw unrestorable(service, lost);
  return done.length === 0
    ? { summary: 'as it was before', changed: false }
    : { summary: done.join('; '), changed: true };
}

/** Members that run, are about to be replaced, and could not be brought back. */
export async function notHeld(
  { stateDirectory }: PlatformDependencies,
  { platform }: OpenedPlatform,
  members: readonly MemberComparison[],
): Promise<readonly string[]> {
  const release = await createReleaseStore(stateDirectory, platform.name).current();
  return members
    .filter(({ action, containerId }) => action === 'recreate' && containerId !== undefined)
    .map(({ member }) => member)
    .filter((member) => release?.images[member] === undefined);
}

async function fromRelease(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  release: Release,
  folder: string,
  { service, held }: { readonly service: string; readonly held: readonly MemberComparison[] },
): Promise<readonly string[]> {
  const pinned = await readPinned(folder);
  const old: OpenedPlatform = { ...opened, pinned, source: pinnedSource(opened.platform, folder) };
  const names = held.map(({ member }) => member);
  for (const member of names) {
    const image = release.images[member];
    if (image === undefined || image.id === '') continue;
    const present = await deps.engine.image(image.reference);
    if (present?.id === image.id) continue;
    await opened.attempt.checkFence();
    await deps.engine.tagImage(image.id, image.reference);
  }
  const differing = await differingMembers(deps, old, release, names);
  if (differing.length > 0) {
    await up(deps, old, differing);
    // Put back is what works again; the caller names the service otherwise.
    await waitUntilReady(deps, old, service);
  }
  return differing.map((member) => `${member} runs as in release ${release.number}`);
}

async function differingMembers(
  { engine }: PlatformDependencies,
  { project, pinned }: OpenedPlatform,
  release: Release,
  members: readonly string[],
): Promise<readonly string[]> {
  const checks = await Promise.all(
    members.map(async (member) => {
      const containers = await engine.containers(project, member);
      const same = containers.every(
        ({ configHash, imageId }) =>
          configHash === pinned.hashes[member] && imageId === release.images[member]?.id,
      );
      const up = containers.every(({ state, exitCode }) => state === 'running' || exitCode === 0);
      return containers.length > 0 && same && up ? [] : [member];
    }),
  );
  return checks.flat();
}

/** What was done in words, undefined when nothing differs, `lost` when it cannot be put back. */
async function withoutRelease(
  { engine }: PlatformDependencies,
  opened: OpenedPlatform,
  { member, action, containerId }: MemberComparison,
): Promise<string | undefined | 'lost'> {
  if (containerId === undefined) return removeAll(engine, opened, member);
  const { attempt, project } = opened;
  const containers = await engine.containers(project, member);
  const own = containers.find(({ id }) => id === containerId);
  if (own === undefined) return 'lost';
  if (action !== 'start' || own.state !== 'running') return undefined;
  await attempt.checkFence();
  await engine.stopContainer(own.id, stopGraceSeconds);
  return `stopped ${member}`;
}

/**
 * Docker goes on with a container that it was asked for when whoever asked is killed: a member is gone once several
 * looks in a row find nothing of it.
 */
async function removeAll(
  engine: DockerEngine,
  { attempt, project }: OpenedPlatform,
  member: string,
): Promise<string | undefined> {
  let removed = false;
  for (let quiet = 0; quiet < quietLooks; ) {
    const containers = await engine.containers(project, member);
    for (const { id } of containers) {
      await attempt.checkFence();
      await engine.stopContainer(id, stopGraceSeconds);
      await engine.removeContainer(id);
      removed = true;
    }
    quiet = containers.length === 0 ? quiet + 1 : 0;
    if (quiet < quietLooks) await wait(quietMs, undefined, { signal: attempt.signal });
  }
  return removed ? `removed ${member}` : undefined;
}

const unrestorable = (service: string, members: readonly string[]) =>
  refuse(
    'RB_NOT_RESTORABLE',
    `${service} cannot be put back as it was`,
    `${members.join(', ')} ran from a configuration that no release holds, and was replaced`,
    'it runs from the new configuration; put the old files back and deploy again to return',
  );
