import {
  compareService,
  imageIds,
  type MemberComparison,
  type ServiceComparison,
} from './compare.ts';
import { contextLabel } from './docker/image-plan.ts';
import { upServices } from './docker/up-services.ts';
import { withDifferences } from './member-differences.ts';
import { childHooks, type OpenedPlatform, type PlatformDependencies } from './opened-platform.ts';

/** What each member of one service needs, as things stand now. */
export async function compareNow(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  service: string,
  pendingImages: readonly string[] = [],
): Promise<ServiceComparison> {
  const { engine } = deps;
  const { members } = opened.open(service).service;
  const [images, handBuilt, ...containers] = await Promise.all([
    imageIds(deps, opened, members),
    handBuiltImages(engine, pendingImages),
    ...members.map((member) => engine.containers(opened.project, member)),
  ]);
  const present = new Map([...images].filter(([reference]) => !pendingImages.includes(reference)));
  const own = containers.flat();
  const comparison = compareService(opened, service, own, present, handBuilt);
  return withDifferences(deps, opened, comparison, own);
}

/** Of images that are about to be built those that are there and carry nothing of what they were built from. */
async function handBuiltImages(
  engine: PlatformDependencies['engine'],
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    references.map(async (reference) => {
      const image = await engine.image(reference);
      const isHandBuilt = image !== undefined && image.labels[contextLabel] === undefined;
      return isHandBuilt ? [[reference, image.id] as const] : [];
    }),
  );
  return new Map(found.flat());
}

/** Brings these compose services up from the pinned configuration; the fence is asked right before. */
export async function up(
  { engine, compose }: PlatformDependencies,
  { attempt, pinned, project, source }: OpenedPlatform,
  members: readonly string[],
): Promise<void> {
  await upServices({
    ...{ engine, compose, project, source, members },
    config: pinned.config,
    hooks: childHooks(attempt),
    beforeEffect: () => attempt.checkFence(),
  });
}

const verbs = { create: 'create', recreate: 'recreate', start: 'start' } as const;

/**
 * `create pg1, pg2; recreate pg3: environment (changed PORT)`, or that there is nothing to do. Members that differ in
 * the same way are told together; what only a build can tell is said to be so.
 */
export function changeWords({ members }: Pick<ServiceComparison, 'members'>): string {
  const parts = Object.entries(verbs).flatMap(([action, verb]) => {
    const own = members.filter((member) => member.action === action);
    const alike = Map.groupBy(own, ({ difference, unsure }) => `${unsure}${difference}`);
    return [...alike.values()].map((group) => {
      const names = group.map(({ member }) => member).join(', ');
      const isUnsure = group.every(({ unsure }) => unsure === true);
      return `${verb} ${names}${isUnsure ? ', unless the build makes the same image' : ''}${differenceWords(group[0])}`;
    });
  });
  return parts.length === 0 ? 'nothing to change' : parts.join('; ');
}

/** `: environment (changed PORT)` */
export const differenceWords = (member: Pick<MemberComparison, 'difference'> | undefined) =>
  member?.difference === undefined ? '' : `: ${member.difference}`;
