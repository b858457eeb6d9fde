import type { StepContext } from '../shared/step-context.ts';
import { compareMember, type MemberComparison, strongest } from './docker/compare-member.ts';
import { imageOf, networksOf } from './docker/compose-model.ts';
import type { ContainerFacts } from './docker/engine.ts';
import { planImages } from './docker/image-plan.ts';
import {
  imageKnowledge,
  type NoInput,
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
} from './opened-platform.ts';
import { stepFileName } from './run-directory.ts';
import { pinnedOnce } from './run-pin.ts';

export type { MemberComparison } from './docker/compare-member.ts';

export interface ServiceComparison {
  readonly name: string;
  /** The strongest action that one of its members needs. */
  readonly action: MemberComparison['action'];
  /** Why, in words, one a member that is not as it should be. */
  readonly reasons: readonly string[];
  readonly members: readonly MemberComparison[];
}

export interface Comparison {
  readonly services: readonly ServiceComparison[];
  /** Compose services that have containers and are no longer in the compose files. */
  readonly orphans: readonly string[];
  /** What the project has now; what an undo may remove is what came later. */
  readonly networks: readonly string[];
  /** What Compose will make with the first service that needs it. */
  readonly missingNetworks: readonly string[];
  readonly volumes: readonly string[];
  /** Container id to how often Docker has restarted it, for `verifyRestarts`. */
  readonly restartCounts: Readonly<Record<string, number>>;
}

export interface CompareActivities {
  compareWithRunning(ctx: StepContext, input: NoInput): Promise<Comparison>;
}

export function createCompareActivities(deps: PlatformDependencies): CompareActivities {
  return {
    /**
     * Reads, and keeps the first answer, so a retry is safe: after a reset an undo still leads back to what was
     * there before the run. A run that compares twice keeps an answer for each step.
     */
    async compareWithRunning({ step }) {
      const opened = await openPlatform(deps);
      const pin = `comparison.${stepFileName(step)}`;
      return pinnedOnce(opened.attempt, pin, () => compareAll(deps, opened));
    },
  };
}

async function compareAll(deps: PlatformDependencies, opened: OpenedPlatform): Promise<Comparison> {
  const { project, services, pinned } = opened;
  const members = Object.keys(pinned.config.services);
  const [containers, networks, volumes, planned] = await Promise.all([
    deps.engine.containers(project),
    deps.engine.networks(project),
    deps.engine.volumes(project),
    planImages(imageKnowledge(deps, opened), pinned.config, members),
  ]);
  // An image that is about to be built will have another id.
  const images = new Map(
    planned.flatMap(({ action, reference, id }) =>
      action === 'present' && id !== undefined ? [[reference, id]] : [],
    ),
  );
  const handBuilt = new Map(
    planned.flatMap(({ unlabelled, reference, id }) =>
      unlabelled && id !== undefined ? [[reference, id]] : [],
    ),
  );
  const needed = new Set(members.flatMap((member) => networksOf(pinned.config, member)));
  const known = new Set(members);
  const orphans = containers.map(({ service }) => service).filter((name) => !known.has(name));
  return {
    services: services.map((service) =>
      compareService(opened, service.name, containers, images, handBuilt),
    ),
    orphans: [...new Set(orphans)].sort(),
    networks,
    missingNetworks: [...needed].filter((name) => !networks.includes(name)).sort(),
    volumes,
    restartCounts: Object.fromEntries(containers.map(({ id, restartCount }) => [id, restartCount])),
  };
}

/** Image references to ids; a reference is absent while the image is not on this host. */
export async function imageIds(
  { engine }: PlatformDependencies,
  { pinned: { config } }: OpenedPlatform,
  members: readonly string[] = Object.keys(config.services),
): Promise<ReadonlyMap<string, string>> {
  const references = [...new Set(members.map((name) => imageOf(config, name)))];
  const found = await Promise.all(
    references.map(async (reference) => [reference, (await engine.image(reference))?.id] as const),
  );
  return new Map(found.flatMap(([reference, id]) => (id === undefined ? [] : [[reference, id]])));
}

export function compareService(
  opened: OpenedPlatform,
  name: string,
  containers: readonly ContainerFacts[],
  images: ReadonlyMap<string, string>,
  handBuilt: ReadonlyMap<string, string> = new Map(),
): ServiceComparison {
  const { service, kind } = opened.open(name);
  const { config, hashes } = opened.pinned;
  const compared = service.members.map((member) =>
    compareMember({
      member,
      containers: containers.filter((container) => container.service === member),
      replicas: config.services[member],
      configHash: hashes[member],
      imageId: images.get(imageOf(config, member)),
      handBuiltId: handBuilt.get(imageOf(config, member)),
      finishes: kind.finishes ?? 'never',
    }),
  );
  return {
    name,
    action: strongest(compared.map(({ comparison }) => comparison.action)),
    reasons: compared.flatMap(({ reason }) => (reason === undefined ? [] : [reason])),
    members: compared.map(({ comparison }) => comparison),
  };
}
