import { RunbookError } from '../../shared/errors.ts';
import type { ContainerFacts, DockerEngine } from '../docker/engine.ts';
import { endEarlier, type Mark, markText } from '../docker/engine-marks.ts';
import type { LogicalService } from '../docker/logical-services.ts';
import type { MemberFacts, ServiceHandle } from './kind.ts';

/** The exit code of a command that had no container to run in; Docker uses it the same way. */
const noContainerExit = 125;

function memberFacts(container: ContainerFacts): MemberFacts {
  const { id, service, state, exitCode, restartsOnSuccess, restartCount, lastHealthCheck } =
    container;
  return {
    member: service,
    containerId: id,
    running: state === 'running',
    state,
    exitCode,
    restartsOnSuccess,
    restartCount,
    startedAt: container.startedAt,
    dockerHealth: container.dockerHealth,
    ...(lastHealthCheck === undefined ? {} : { lastHealthCheck }),
    addresses: container.addresses,
  };
}

/** A service's containers as its kind may use them: looked up anew each time, for they come and go. */
export function createServiceHandle(
  engine: DockerEngine,
  project: string,
  service: Pick<LogicalService, 'name' | 'members' | 'settings'>,
  mark?: Mark,
): ServiceHandle {
  const containers = async () =>
    (await Promise.all(service.members.map((member) => engine.containers(project, member)))).flat();
  const cleared = new Map<string, Promise<number>>();
  /** Once in each container, before the first command of an attempt that others came before. */
  const endOlder = (containerId: string): Promise<number> | undefined => {
    if (mark === undefined || mark.attempt <= 1) return undefined;
    const known = cleared.get(containerId);
    if (known !== undefined) return known;
    const ending = endEarlier((argv, options) => engine.exec(containerId, argv, options), mark);
    cleared.set(containerId, ending);
    return ending;
  };
  return {
    name: service.name,
    members: service.members,
    settings: service.settings,
    facts: async () => (await containers()).map(memberFacts),
    async exec(member, argv, options = {}) {
      const own = await engine.containers(project, member);
      const running = own.find((container) => container.state === 'running');
      if (running === undefined) return gone(`${member} is not running`);
      try {
        await endOlder(running.id);
        return await engine.exec(running.id, argv, {
          ...(mark === undefined ? {} : { mark: markText(mark) }),
          ...options,
        });
      } catch (error) {
        if (error instanceof RunbookError && error.code === 'RB_DOCKER_REFUSED') {
          return gone(error.why ?? error.message);
        }
        throw error;
      }
    },
  };
}

const gone = (why: string) => ({ exitCode: noContainerExit, stdout: '', stderr: why });
