import { readFile } from 'node:fs/promises';
import { refuse } from '../../shared/errors.ts';
import type { AdoptedImages } from './adopted-images.ts';
import { contextDigest, dockerfilePath } from './build-context.ts';
import { type ComposeBuild, type ComposeConfig, imageOf } from './compose-model.ts';
import { labels } from './container-facts.ts';
import type { DockerEngine } from './engine.ts';

/** The image label that keeps the digest of what the image was built from. */
export const contextLabel = 'runbook.context';

/** One distinct image of the platform and what it needs. */
export interface PlannedImage {
  readonly reference: string;
  readonly action: 'build' | 'pull' | 'present';
  /** The compose service that it is built or pulled for. */
  readonly member: string;
  /** Present for an image that is built here. */
  readonly digest?: string;
  /** The present image's id. */
  readonly id?: string;
  /** It was built by hand and carries no digest. */
  readonly unlabelled?: boolean;
  /** Images of this platform that its Dockerfile starts from: they are built first. */
  readonly parents: readonly string[];
}

interface Source {
  readonly reference: string;
  readonly member: string;
  /** Every service that builds it. */
  readonly members: readonly string[];
  readonly build: ComposeBuild | undefined;
}

/** What is known about images: what is here, and what was found out about hand-built ones. */
export interface ImageKnowledge {
  readonly engine: DockerEngine;
  readonly adopted: AdoptedImages;
}

/** Every distinct image of the members, parents before the images that start from them. */
export async function planImages(
  { engine, adopted }: ImageKnowledge,
  config: ComposeConfig,
  members: readonly string[],
): Promise<readonly PlannedImage[]> {
  const sources = distinctSources(config, members);
  const planned = new Map<string, PlannedImage>();
  const plan = async (source: Source, path: readonly string[]): Promise<PlannedImage> => {
    const known = planned.get(source.reference);
    if (known !== undefined) return known;
    if (path.includes(source.reference)) throw buildCycle([...path, source.reference]);
    const parents: PlannedImage[] = [];
    for (const name of await baseImages(source.build)) {
      const parent = sources.get(name);
      if (parent === undefined || parent.build === undefined) continue;
      parents.push(await plan(parent, [...path, source.reference]));
    }
    const image = await planOne({ engine, adopted }, source, parents);
    planned.set(source.reference, image);
    return image;
  };
  for (const source of sources.values()) await plan(source, []);
  return [...planned.values()];
}

function distinctSources(
  config: ComposeConfig,
  members: readonly string[],
): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const member of members) {
    const reference = imageOf(config, member);
    const build = config.services[member]?.build;
    const known = sources.get(reference);
    if (known?.build !== undefined && build !== undefined && !isSame(known.build, build)) {
      throw refuse(
        'RB_IMAGE_BUILT_TWICE',
        `two services build the image ${reference} in different ways`,
        `the services are ${known.member} and ${member}`,
        'give one of them another `image`, or both the same `build`',
      );
    }
    const builders = [...(known?.members ?? []), ...(build === undefined ? [] : [member])];
    const first = known?.build === undefined && build !== undefined ? member : known?.member;
    sources.set(reference, {
      ...{ reference, members: builders, member: first ?? member },
      build: known?.build ?? build,
    });
  }
  return sources;
}

const isSame = (a: ComposeBuild, b: ComposeBuild) => JSON.stringify(a) === JSON.stringify(b);

async function planOne(
  { engine, adopted }: ImageKnowledge,
  { reference, member, members, build }: Source,
  parents: readonly PlannedImage[],
): Promise<PlannedImage> {
  const image = await engine.image(reference);
  // Compose labels an image with the service it built it for: built for another one, it would differ.
  const builtFor = image?.labels[labels.service];
  const common = {
    reference,
    member: members.find((name) => name === builtFor) ?? member,
    ...{ parents: parents.map((parent) => parent.reference) },
    ...(image === undefined ? {} : { id: image.id }),
  };
  if (build === undefined) return { ...common, action: image === undefined ? 'pull' : 'present' };
  const digest = await contextDigest(build, parents.map((parent) => parent.digest ?? '').sort());
  const label = image?.labels[contextLabel];
  const current =
    image !== undefined &&
    (label === digest || (await adopted.isBuiltFrom(reference, digest, image.id)));
  const unlabelled = image !== undefined && label === undefined;
  return { ...common, digest, unlabelled, action: current ? 'present' : 'build' };
}

/** The images after FROM and in `COPY --from`; build stages among them match no image of the platform. */
async function baseImages(build: ComposeBuild | undefined): Promise<readonly string[]> {
  if (build === undefined) return [];
  const path = dockerfilePath(build);
  const text =
    build.dockerfile_inline ??
    (path === undefined ? '' : await readFile(path, 'utf8').catch(() => ''));
  const args = build.args ?? {};
  return [...text.matchAll(/^\s*(?:FROM\s+(?:--\S+\s+)*|COPY\s.*?--from=)(\S+)/gim)].map(
    ([, name = '']) =>
      name.replace(/\$\{?(\w+)\}?/g, (whole, arg: string) => String(args[arg] ?? whole)),
  );
}

const buildCycle = (path: readonly string[]) =>
  refuse(
    'RB_BUILD_CYCLE',
    'images start from each other',
    path.join(' -> '),
    'break the circle of FROM lines',
  );
