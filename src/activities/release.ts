import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { imageIds } from './compare.ts';
import { imageOf } from './docker/compose-model.ts';
import {
  type NoInput,
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
} from './opened-platform.ts';
import { createReleaseStore, type Release, type ReleaseStore } from './release-store.ts';

export interface ReleaseSummary {
  readonly number: number;
  readonly digest: string;
  readonly at: string;
  readonly run: string;
}

export interface RecordedRelease extends ReleaseSummary {
  /** False when the current release said the same already. */
  readonly changed: boolean;
}

export interface RestoredRelease {
  /** The release that is current now, null when there was none before. */
  readonly current: number | null;
  readonly changed: boolean;
}

export interface ReleaseActivities {
  releaseVerdict(ctx: StepContext, input: NoInput): Promise<ProbeVerdict<ReleaseSummary>>;
  recordRelease(ctx: StepContext, input: NoInput): Promise<RecordedRelease>;
  restorePreviousRelease(ctx: StepContext, input: NoInput): Promise<RestoredRelease>;
}

/** Enough to go back some steps; an older one would hardly fit the data any more. */
const keptReleases = 10;

type Images = Release['images'];

export function createReleaseActivities(deps: PlatformDependencies): ReleaseActivities {
  const storeOf = (platform: string) => createReleaseStore(deps.stateDirectory, platform);

  return {
    /** Reads only, so a retry is always safe. */
    async releaseVerdict() {
      const opened = await openPlatform(deps);
      const current = await storeOf(opened.platform.name).current();
      const change = 'record what runs as a new release';
      if (current === undefined) return { state: 'absent', now: 'no release recorded', change };
      const now = `release ${current.number} of ${current.at}`;
      return isSame(current, opened, await imagesOf(deps, opened))
        ? { state: 'in-place', now, output: summary(current) }
        : { state: 'absent', now: `${now}, which differs`, change };
    },

    /** A release that says the same is left alone, and one of this run is not made twice. */
    async recordRelease(ctx) {
      const opened = await openPlatform(deps);
      const { attempt, platform, pinned } = opened;
      const store = storeOf(platform.name);
      const [current, images, numbers] = await Promise.all([
        store.current(),
        imagesOf(deps, opened),
        store.numbers(),
      ]);
      if (current !== undefined && isSame(current, opened, images)) {
        return { ...summary(current), changed: false };
      }
      const last = numbers.at(-1);
      const mine = last === undefined ? undefined : await store.read(last);
      await attempt.checkFence();
      // Written by an attempt of this run that ended before it moved the pointer.
      if (mine?.run === ctx.run && isSame(mine, opened, images)) {
        await holdImages(deps, mine);
        await store.pointAt(mine.number);
        return { ...summary(mine), changed: true };
      }
      const release: Release = {
        schema: 'runbook.release/v1',
        number: (last ?? 0) + 1,
        platform: platform.name,
        digest: pinned.digest,
        at: new Date().toISOString(),
        run: ctx.run,
        previous: current?.number ?? null,
        images,
      };
      await store.add(release, {
        configText: pinned.text,
        hashesText: JSON.stringify(pinned.hashes),
      });
      await holdImages(deps, release);
      await store.pointAt(release.number);
      for (const old of numbers.slice(0, -keptReleases)) {
        if (old !== release.previous) await forget(deps, store, old);
      }
      return { ...summary(release), changed: true };
    },

    /** Moves the pointer only when it still stands on this run's release, so a retry is safe. */
    async restorePreviousRelease(ctx) {
      const { attempt, platform } = await openPlatform(deps);
      const store = storeOf(platform.name);
      const current = await store.current();
      await attempt.checkFence();
      await store.discardDraft(ctx.run);
      if (current?.run !== ctx.run) return { current: current?.number ?? null, changed: false };
      await store.pointAt(current.previous);
      return { current: current.previous, changed: true };
    },
  };
}

async function imagesOf(deps: PlatformDependencies, opened: OpenedPlatform): Promise<Images> {
  const { config } = opened.pinned;
  const ids = await imageIds(deps, opened);
  return Object.fromEntries(
    Object.keys(config.services)
      .sort()
      .map((member) => {
        const reference = imageOf(config, member);
        return [member, { reference, id: ids.get(reference) ?? '' }];
      }),
  );
}

function isSame(release: Release, { pinned }: OpenedPlatform, images: Images): boolean {
  const members = new Set([...Object.keys(release.images), ...Object.keys(images)]);
  return (
    release.digest === pinned.digest &&
    [...members].every((member) => release.images[member]?.id === images[member]?.id)
  );
}

const summary = ({ number, digest, at, run }: Release): ReleaseSummary => ({
  number,
  digest,
  at,
  run,
});

/** The names that keep a release's images from `docker image prune` once a build takes their tag. */
function holdingNames({ platform, number, images }: Release): ReadonlyMap<string, string> {
  const ids = [...new Set(Object.values(images).map(({ id }) => id))].filter((id) => id !== '');
  return new Map(
    ids.map((id, index) => [`runbook-release/${platform}:${number}-${index + 1}`, id]),
  );
}

async function holdImages({ engine }: PlatformDependencies, release: Release): Promise<void> {
  for (const [name, id] of holdingNames(release)) await engine.tagImage(id, name);
}

async function forget(
  { engine }: PlatformDependencies,
  store: ReleaseStore,
  number: number,
): Promise<void> {
  for (const name of holdingNames(await store.read(number)).keys()) await engine.untagImage(name);
  await store.remove(number);
}
