import { durationMs } from '../../shared/duration-ms.ts';
import { refuse } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { membersOf, type Platform, type PlatformService } from '../../shared/platform-file.ts';
import type { ComposeConfig } from './compose-model.ts';

/** A service as the platform file groups it, with what Compose says about its members. */
export interface LogicalService {
  readonly name: string;
  readonly kind: string;
  readonly described: boolean;
  readonly members: readonly string[];
  readonly dependsOn: readonly string[];
  readonly settings: PlatformService['settings'];
  readonly healthTimeoutMs: number;
  readonly minHealthyMs: number;
}

const undescribedHealthTimeoutMs = 120_000;
const undescribedMinHealthyMs = 5000;

type Grouped = Omit<LogicalService, 'dependsOn'>;
type Described = Pick<Platform, 'services'>;
type Composed = Pick<ComposeConfig, 'services'>;

/** The services in the platform file's order, then the undescribed ones; dependencies lifted to them. */
export function logicalServices(platform: Described, config: Composed): readonly LogicalService[] {
  const described = describedServices(platform, config);
  const owner = ownersOf(described);
  const names = new Set(described.map((service) => service.name));
  const undescribed = Object.keys(config.services)
    .filter((member) => !owner.has(member))
    .map((member) => undescribedService(member, config, names));
  for (const service of undescribed) owner.set(service.name, service.name);
  const services = [...described, ...undescribed].map((service) => ({
    ...service,
    dependsOn: liftedDependencies(service, config, owner),
  }));
  refuseCycles(services);
  return services;
}

function describedServices(platform: Described, config: Composed): readonly Grouped[] {
  const known = Object.keys(config.services);
  return Object.entries(platform.services).map(([name, service]) => {
    const members = membersOf(name, service);
    const stranger = members.find((member) => !known.includes(member));
    if (stranger !== undefined) {
      throw refuse(
        'RB_UNKNOWN_MEMBER',
        `the compose files have no service "${stranger}"${didYouMean(stranger, known)}`,
        `the platform file names it as a member of "${name}"`,
        `correct services.${name}.members; the compose services are: ${known.join(', ')}`,
      );
    }
    return {
      name,
      kind: service.kind,
      described: true,
      members,
      settings: service.settings,
      healthTimeoutMs: durationMs(service.healthTimeout),
      minHealthyMs: durationMs(service.minHealthyTime),
    };
  });
}

function ownersOf(services: readonly Grouped[]): Map<string, string> {
  const owner = new Map<string, string>();
  for (const { name, members } of services) {
    for (const member of members) {
      const other = owner.get(member);
      if (other !== undefined) {
        throw refuse(
          'RB_MEMBER_TWICE',
          `the compose service "${member}" belongs to two services`,
          `both "${other}" and "${name}" name it as a member`,
          'leave it in one of them',
        );
      }
      owner.set(member, name);
    }
  }
  return owner;
}

/** A job that somebody waits for to end, or else whatever Docker says of the container. */
function undescribedKind(member: string, config: Composed): string {
  const isAwaited = Object.values(config.services).some(
    ({ depends_on }) => depends_on[member]?.condition === 'service_completed_successfully',
  );
  return isAwaited ? 'one-shot' : 'container';
}

function undescribedService(member: string, config: Composed, taken: ReadonlySet<string>): Grouped {
  if (taken.has(member)) {
    throw refuse(
      'RB_MEMBER_UNCLAIMED',
      `the compose service "${member}" belongs to no service, and its name is taken`,
      `the platform file has a service "${member}" with other members`,
      `add "${member}" to services.${member}.members`,
    );
  }
  return {
    name: member,
    kind: undescribedKind(member, config),
    described: false,
    members: [member],
    settings: {},
    healthTimeoutMs: undescribedHealthTimeoutMs,
    minHealthyMs: undescribedMinHealthyMs,
  };
}

function liftedDependencies(
  service: Grouped,
  config: Composed,
  owner: ReadonlyMap<string, string>,
): readonly string[] {
  const wanted = service.members
    .flatMap((member) => Object.keys(config.services[member]?.depends_on ?? {}))
    .flatMap((member) => owner.get(member) ?? []);
  return [...new Set(wanted)].filter((name) => name !== service.name).sort();
}

function refuseCycles(services: readonly LogicalService[]): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (finished.has(name)) return;
    if (path.includes(name)) {
      throw refuse(
        'RB_DEPENDENCY_CYCLE',
        'services wait for each other',
        [...path.slice(path.indexOf(name)), name].join(' -> '),
        'split the service whose members depend on both sides, or drop one `depends_on`',
      );
    }
    for (const next of byName.get(name)?.dependsOn ?? []) visit(next, [...path, name]);
    finished.add(name);
  };
  for (const { name } of services) visit(name, []);
}
