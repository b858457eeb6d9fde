import type { ContainerInspectInfo } from 'dockerode';
import { membersOf, type Platform } from '../../shared/platform-file.ts';
import type { ServiceFacts } from '../../shared/secrets/decide-moves.ts';
import { labels } from '../docker/container-facts.ts';
import type { ContainerProcess } from '../docker/container-processes.ts';
import { intakeOfImage } from '../services/common/known-images.ts';
import type { SecretIntake } from '../services/kind.ts';
import { kindOf } from '../services/registry.ts';

/** What the containers of a platform say of its services, and what their kinds know of their images. */
export function serviceFacts(
  platform: Platform,
  containers: readonly ContainerInspectInfo[],
  processes: ReadonlyMap<string, readonly ContainerProcess[]>,
): ReadonlyMap<string, ServiceFacts> {
  return new Map(
    containers.map((container) => {
      const { Config, Id } = container;
      const service = Config.Labels[labels.service] ?? '';
      const intake = kindIntake(platform, service) ?? intakeOfImage(Config.Image);
      const pattern = platform.secrets.fileVariables[service];
      const facts: ServiceFacts = {
        intakeOf: (variable) =>
          pattern === undefined
            ? intake?.intakeOf(variable)
            : { how: 'file variable', variable: pattern.replace('{}', variable) },
        script: intake?.script,
        uid: uidOf(Config.User, processes.get(Id) ?? []),
        entrypoint: words(Config.Entrypoint),
        command: words(Config.Cmd),
      };
      return [service, facts];
    }),
  );
}

function kindIntake(platform: Platform, member: string): SecretIntake | undefined {
  const found = Object.entries(platform.services).find(([name, service]) =>
    membersOf(name, service).includes(member),
  );
  return found && kindOf(found[0], found[1].kind).secretIntake;
}

export const words = (given: string | readonly string[] | null | undefined): readonly string[] =>
  typeof given === 'string' ? [given] : (given ?? []);

/** Root reads any file, so only the user that a process gave its rights up for counts. */
function uidOf(user: string, processes: readonly ContainerProcess[]): ServiceFacts['uid'] {
  const uids = [...new Set(processes.map(({ uid }) => uid))].filter((uid) => uid !== 0);
  const [only] = uids;
  if (only !== undefined && uids.length === 1) return only;
  if (uids.length > 1) {
    return {
      unknown: `its processes run as several users (${uids.sort((a, b) => a - b).join(', ')})`,
    };
  }
  const [name = ''] = user.split(':');
  if (name === '' || name === 'root') return 0;
  if (/^\d{1,5}$/.test(name)) return Number(name);
  return { unknown: `it does not run now, and its image does not say which number ${name} has` };
}
