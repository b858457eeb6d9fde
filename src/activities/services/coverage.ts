import { membersOf, type PlatformFile } from '../../shared/platform-file.ts';
import type { Capabilities, ServiceKind } from './kind.ts';
import { kindOf } from './registry.ts';

/** Every capability with what it stands for; one that is added to the interface has to be added here. */
const meanings: Readonly<Record<keyof Capabilities, string>> = {
  health: 'ready and healthy, by role',
  lifecycle: 'the order in which members restart',
  credentials: 'secrets that can be rotated',
};

export type Capability = keyof typeof meanings;

/** One service and what runbooks can do with it. */
export interface ServiceCoverage {
  readonly service: string;
  readonly kind: string;
  readonly members: readonly string[];
  /** False for a compose service that the platform file does not name. */
  readonly described: boolean;
  readonly covered: readonly Capability[];
  readonly notCovered: readonly Capability[];
}

export interface Coverage {
  readonly platform: string;
  readonly capabilities: readonly { readonly name: Capability; readonly meaning: string }[];
  readonly services: readonly ServiceCoverage[];
}

/** `others`: compose services that the platform file does not name, with the kind by which they are judged. */
export function coverageOf(
  { name, services }: PlatformFile,
  others: readonly { readonly name: string; readonly kind: string }[] = [],
): Coverage {
  return {
    platform: name,
    capabilities: names.map((capability) => ({ name: capability, meaning: meanings[capability] })),
    services: [
      ...Object.entries(services).map(([service, described]) =>
        covered(service, kindOf(service, described.kind), membersOf(service, described), true),
      ),
      ...others.map((other) =>
        covered(other.name, kindOf(other.name, other.kind), [other.name], false),
      ),
    ],
  };
}

const names = Object.keys(meanings) as readonly Capability[];

function covered(
  service: string,
  kind: ServiceKind,
  members: readonly string[],
  described: boolean,
): ServiceCoverage {
  const has = (name: Capability) => kind[name] !== undefined;
  return {
    ...{ service, kind: kind.kind, members, described },
    covered: names.filter(has),
    notCovered: names.filter((name) => !has(name)),
  };
}
