import { join } from 'node:path';
import { RunbookError } from '../shared/errors.ts';
import type { ProbeVerdict } from '../shared/run-state.ts';
import type { StepContext } from '../shared/step-context.ts';
import { contextLabel, type PlannedImage, planImages } from './docker/image-plan.ts';
import { writeFileAtomic } from './files.ts';
import {
  childHooks,
  imageKnowledge,
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
} from './opened-platform.ts';

export interface ImagesInput {
  /** Logical services; all when absent. */
  readonly services?: readonly string[];
}

/** Image references by what they need. */
export interface ImagesPlan {
  readonly build: readonly string[];
  readonly pull: readonly string[];
  readonly present: readonly string[];
}

export interface PreparedImages {
  readonly built: readonly string[];
  readonly pulled: readonly string[];
}

export interface PresentImages {
  readonly summary: string;
  /** Image reference to id. */
  readonly images: Readonly<Record<string, string>>;
}

export interface ImagesActivities {
  imagesVerdict(ctx: StepContext, input: ImagesInput): Promise<ProbeVerdict<ImagesPlan>>;
  prepareImages(ctx: StepContext, input: ImagesInput): Promise<PreparedImages>;
  imagesPresent(ctx: StepContext, input: ImagesInput): Promise<PresentImages>;
}

/** Builds wait for downloads more than for the processor. */
const buildsAtOnce = 2;

export function createImagesActivities(deps: PlatformDependencies): ImagesActivities {
  const planOf = (opened: OpenedPlatform, { services }: ImagesInput) => {
    const names = services ?? opened.services.map(({ name }) => name);
    const members = names.flatMap((name) => opened.open(name).service.members);
    return planImages(imageKnowledge(deps, opened), opened.pinned.config, members);
  };

  return {
    /** Reads only, so a retry is always safe. */
    async imagesVerdict(_ctx, input) {
      const images = await planOf(await openPlatform(deps), input);
      const named = (action: PlannedImage['action']) =>
        images.filter((image) => image.action === action).map(({ reference }) => reference);
      const output = { build: named('build'), pull: named('pull'), present: named('present') };
      const now = `${output.present.length} of ${images.length} images as wanted`;
      const change = [
        ...(output.build.length > 0 ? [`build ${output.build.join(', ')}`] : []),
        ...(output.pull.length > 0 ? [`pull ${output.pull.join(', ')}`] : []),
      ].join('; ');
      return change === ''
        ? { state: 'in-place', now, output }
        : { state: 'absent', now, change, output };
    },

    /** An image that is as wanted is left alone and layers are cached, so a retry does what is left. */
    async prepareImages(_ctx, input) {
      const opened = await openPlatform(deps);
      const images = await planOf(opened, input);
      const missing = images.filter(({ action }) => action === 'pull');
      for (const image of missing) await pull(deps, opened, image);
      const todo = images.filter(({ action }) => action === 'build');
      await inOrder(todo, (image) => build(deps, opened, image));
      return {
        built: todo.map(({ reference }) => reference),
        pulled: missing.map(({ reference }) => reference),
      };
    },

    /** Reads only, so a retry is always safe. */
    async imagesPresent(_ctx, input) {
      const images = await planOf(await openPlatform(deps), input);
      const bad = images.filter(({ action }) => action !== 'present');
      if (bad.length > 0) {
        throw new RunbookError('RB_IMAGE_MISSING', `${bad.length} images are not as wanted`, {
          why: bad.map(({ reference, action }) => `${reference}: ${action} it`).join('\n'),
          fix: 'retry the step that prepares images; files of a build may have changed meanwhile',
        });
      }
      return {
        summary: `${images.length} images present`,
        images: Object.fromEntries(images.map(({ reference, id = '' }) => [reference, id])),
      };
    },
  };
}

/** Starts an image as soon as its parents are built, a few at once; the first failure ends the rest. */
async function inOrder(
  images: readonly PlannedImage[],
  work: (image: PlannedImage) => Promise<void>,
): Promise<void> {
  const waiting = new Set(images);
  const running = new Map<string, Promise<void>>();
  const isFree = (image: PlannedImage) =>
    image.parents.every(
      (parent) =>
        !running.has(parent) && ![...waiting].some(({ reference }) => reference === parent),
    );
  try {
    while (waiting.size > 0 || running.size > 0) {
      for (const image of waiting) {
        if (running.size >= buildsAtOnce || !isFree(image)) continue;
        waiting.delete(image);
        const done = work(image).finally(() => running.delete(image.reference));
        running.set(image.reference, done);
      }
      await Promise.race(running.values());
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}

async function build(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  { reference, member, digest = '', unlabelled }: PlannedImage,
): Promise<void> {
  const { attempt, source } = opened;
  await attempt.checkFence();
  attempt.log(`building ${reference}`);
  const files = unlabelled ? [] : [await writeLabel(attempt.runDirectory, member, digest)];
  const labelled = { ...source, files: [...source.files, ...files] };
  await deps.compose.build(labelled, [member], childHooks(attempt));
  if (!unlabelled) return;
  const image = await deps.engine.image(reference);
  if (image === undefined) return; // the check that follows says so
  await imageKnowledge(deps, opened).adopted.adopt(reference, digest, image.id);
}

/** The label has a file of its own: in the pinned one it would change nothing but the digest. */
async function writeLabel(directory: string, member: string, digest: string): Promise<string> {
  const override = { services: { [member]: { build: { labels: { [contextLabel]: digest } } } } };
  const file = join(directory, `compose.build-${member}.json`);
  await writeFileAtomic(file, JSON.stringify(override), { mode: 0o600 });
  return file;
}

async function pull(
  { compose }: PlatformDependencies,
  { attempt, source }: OpenedPlatform,
  { reference, member }: PlannedImage,
): Promise<void> {
  await attempt.checkFence();
  attempt.log(`pulling ${reference}`);
  await compose.pull(source, [member], childHooks(attempt));
}
