import { discover, thisMachine } from '../../activities/discovery/discover.ts';
import {
  discoverSecrets,
  type SecretsRequest,
} from '../../activities/discovery/discover-secrets.ts';
import type { Discovery } from '../../activities/discovery/discovered.ts';
import type { MachineView } from '../../activities/discovery/machine.ts';
import type { DiscoveryRequest } from '../../activities/discovery/request.ts';
import { errorFacts } from '../../shared/errors.ts';
import type { SecretInventory } from '../../shared/secrets/inventory.ts';

export type { SecretsRequest } from '../../activities/discovery/discover-secrets.ts';
export type { DiscoveredService, Discovery } from '../../activities/discovery/discovered.ts';
export type { FoundProject, MachineView } from '../../activities/discovery/machine.ts';
export type { DiscoveryRequest } from '../../activities/discovery/request.ts';

/** What `init` sees of the machine that it runs on; it only reads. */
export interface Discoverer {
  look(): Promise<MachineView>;
  discover(request: DiscoveryRequest): Promise<Discovery>;
  /** Without Docker of the files alone, with a doubt that says so. */
  secrets(request: SecretsRequest): Promise<SecretInventory>;
}

export function openDiscoverer(): Discoverer {
  const dependencies = thisMachine();
  return {
    look: () => dependencies.machine.look(),
    discover: (request) => discover(dependencies, request),
    async secrets(request) {
      try {
        return await discoverSecrets(dependencies.machine, request);
      } catch (error) {
        if (errorFacts(error).code !== 'RB_DOCKER_UNREACHABLE') throw error;
        const ofFiles = await discoverSecrets(dependencies.machine, {
          ...request,
          hasContainers: false,
        });
        const doubt = 'Docker does not answer: containers were not looked at';
        return { ...ofFiles, doubts: [...ofFiles.doubts, doubt] };
      }
    },
  };
}
