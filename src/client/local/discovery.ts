import { discover, thisMachine } from '../../activities/discovery/discover.ts';
import type { Discovery } from '../../activities/discovery/discovered.ts';
import type { MachineView } from '../../activities/discovery/machine.ts';
import type { DiscoveryRequest } from '../../activities/discovery/request.ts';

export type { DiscoveredService, Discovery } from '../../activities/discovery/discovered.ts';
export type { FoundProject, MachineView } from '../../activities/discovery/machine.ts';
export type { DiscoveryRequest } from '../../activities/discovery/request.ts';

/** What `init` sees of the machine that it runs on; it only reads. */
export interface Discoverer {
  look(): Promise<MachineView>;
  discover(request: DiscoveryRequest): Promise<Discovery>;
}

export function openDiscoverer(): Discoverer {
  const dependencies = thisMachine();
  return {
    look: () => dependencies.machine.look(),
    discover: (request) => discover(dependencies, request),
  };
}
