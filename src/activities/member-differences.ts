import type { ServiceComparison } from './compare.ts';
import { imageOf } from './docker/compose-model.ts';
import { describeDifferences, imageChange } from './docker/describe-differences.ts';
import type { ContainerFacts } from './docker/engine.ts';
import { type PinnedConfig, readPinned } from './docker/pinned-config.ts';
import type { OpenedPlatform, PlatformDependencies } from './opened-platform.ts';
import { createReleaseStore, type ReleaseStore } from './release-store.ts';
import { createRedactor } from './secrets/redactor.ts';

/**
 * Says of each member that is to be replaced what its containers have otherwise than the configuration. What they were
 * made from is known of those that a release holds; of others only the image is.
 */
export async function withDifferences(
  { stateDirectory }: Pick<PlatformDependencies, 'stateDirectory'>,
  { platform, pinned }: OpenedPlatform,
  comparison: ServiceComparison,
  containers: readonly ContainerFacts[],
): Promise<ServiceComparison> {
  if (comparison.action !== 'recreate') return comparison;
  const store = createReleaseStore(stateDirectory, platform.name);
  // Without the secrets nobody can say whether a name is one.
  const redact = await createRedactor(platform).catch(() => () => '[withheld]');
  const members = comparison.members.map(async (own) => {
    const container = containers.find(({ id }) => id === own.containerId);
    if (own.action !== 'recreate' || container === undefined) return own;
    if (container.configHash === pinned.hashes[own.member]) return own;
    const made = await madeFrom(store, own.member, container.configHash);
    const words = differences(made, pinned, own.member, container, redact);
    return { ...own, difference: words.join(', ') };
  });
  return { ...comparison, members: await Promise.all(members) };
}

function differences(
  made: PinnedConfig | undefined,
  { config }: PinnedConfig,
  member: string,
  container: ContainerFacts,
  redact: (text: string) => string,
): readonly string[] {
  if (made === undefined) {
    const image = imageChange(container.imageReference, imageOf(config, member), redact);
    const what = image.length === 0 ? 'what differs' : 'what else';
    return [...image, `${what} is not known: no release holds it`];
  }
  const words = describeDifferences(made.config, config, member, redact);
  return words.length === 0 ? ['no setting: Compose itself reckons otherwise'] : words;
}

/** The configuration in which a service has this hash, of the newest release that has it. */
async function madeFrom(
  store: ReleaseStore,
  member: string,
  configHash: string,
): Promise<PinnedConfig | undefined> {
  for (const number of (await store.numbers()).toReversed()) {
    const made = await readPinned(store.folder(number));
    if (made.hashes[member] === configHash) return made;
  }
  return undefined;
}
