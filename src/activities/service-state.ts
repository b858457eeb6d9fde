import { compareService, imageIds, type ServiceComparison } from './compare.ts';
import { upServices } from './docker/up-services.ts';
import { childHooks, type OpenedPlatform, type PlatformDependencies } from './opened-platform.ts';

/** What each member of one service needs, as things stand now. */
export async function compareNow(
  { engine, ...deps }: PlatformDependencies,
  opened: OpenedPlatform,
  service: string,
  pendingImages: readonly string[] = [],
): Promise<ServiceComparison> {
  const { members } = opened.open(service).service;
  const [images, ...containers] = await Promise.all([
    imageIds({ engine, ...deps }, opened, members),
    ...members.map((member) => engine.containers(opened.project, member)),
  ]);
  const present = new Map([...images].filter(([reference]) => !pendingImages.includes(reference)));
  return compareService(opened, service, containers.flat(), present);
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

/** `create pg1, pg2; start pg3`, or that there is nothing to do. */
export function changeWords({ members }: Pick<ServiceComparison, 'members'>): string {
  const parts = Object.entries(verbs).flatMap(([action, verb]) => {
    const names = members.filter((member) => member.action === action).map((m) => m.member);
    return names.length === 0 ? [] : [`${verb} ${names.join(', ')}`];
  });
  return parts.length === 0 ? 'nothing to change' : parts.join('; ');
}
