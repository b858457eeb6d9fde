import Docker, { type ContainerInfo, type ContainerInspectInfo } from 'dockerode';
import { refuse } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { labels } from '../docker/container-facts.ts';
import { createDeadline } from '../docker/engine-deadline.ts';
import { engineError, statusOf } from '../docker/engine-errors.ts';

/** The labels by which Compose says what a project was made from. */
const origin = {
  directory: 'com.docker.compose.project.working_dir',
  files: 'com.docker.compose.project.config_files',
  environment: 'com.docker.compose.project.environment_file',
} as const;

/** A compose project that has containers here. */
export interface FoundProject {
  readonly name: string;
  /** Absolute; empty when whoever made the containers did not say. */
  readonly directory: string;
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly containers: number;
  readonly running: number;
}

/** Everything that has containers here. */
export interface MachineView {
  readonly projects: readonly FoundProject[];
  /** Containers that Compose did not make, with what did where it says so. */
  readonly others: readonly string[];
}

/** What discovery asks of the Docker engine; it only reads. */
export interface Machine {
  look(): Promise<MachineView>;
  /** Of a project with too many containers the first ones, or, for who has to see all, a refusal. */
  inspect(project: string, extent?: 'first' | 'all'): Promise<readonly ContainerInspectInfo[]>;
}

export interface MachineOptions {
  readonly socketPath?: string;
  readonly callTimeoutMs?: number;
}

export function createMachine({
  socketPath,
  callTimeoutMs = 20_000,
}: MachineOptions = {}): Machine {
  const docker = new Docker(socketPath === undefined ? {} : { socketPath });
  const within = createDeadline(callTimeoutMs);
  const call = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await within(work());
    } catch (error) {
      throw engineError(error, what);
    }
  };
  return {
    look: () =>
      call('list containers', async () => viewOf(await docker.listContainers({ all: true }))),
    inspect: (project, extent = 'first') =>
      call('inspect containers', async () => {
        const filters = { label: [`${labels.project}=${project}`] };
        const list = await docker.listContainers({ all: true, filters });
        if (extent === 'all' && list.length > limits.discoveredContainers) {
          throw tooMany(project, list.length);
        }
        const found = await Promise.all(
          list.slice(0, limits.discoveredContainers).map(({ Id }) =>
            docker
              .getContainer(Id)
              .inspect()
              .catch((error: unknown) => {
                // It went between the list and this question.
                if (statusOf(error) === 404) return undefined;
                throw error;
              }),
          ),
        );
        return found.filter((info) => info !== undefined);
      }),
  };
}

const tooMany = (project: string, count: number) =>
  refuse(
    'RB_TOO_MANY_CONTAINERS',
    `${project} has ${count} containers, and only ${limits.discoveredContainers} are looked at`,
    'nothing can be said of all of them from some',
    'remove containers that nobody needs any more, or split the project',
  );

type Listed = Pick<ContainerInfo, 'Names' | 'State' | 'Labels'>;

function viewOf(list: readonly Listed[]): MachineView {
  const projects = new Map<string, FoundProject>();
  const others: string[] = [];
  for (const { Names, State, Labels = {} } of list) {
    const name = Labels[labels.project];
    if (name === undefined) {
      others.push(`${Names[0]?.replace(/^\//, '')}${makerOf(Labels)}`);
      continue;
    }
    if (Labels[labels.oneOff] === 'True') continue;
    const known = projects.get(name);
    const running = (known?.running ?? 0) + (State === 'running' ? 1 : 0);
    const { directory = '', ...rest } = known ?? originOf(Labels);
    projects.set(name, {
      ...{ name, directory, running },
      ...{ files: rest.files, envFiles: rest.envFiles },
      containers: (known?.containers ?? 0) + 1,
    });
  }
  const byName = [...projects.values()].sort((a, b) => a.name.localeCompare(b.name));
  return { projects: byName, others: others.sort() };
}

function originOf(found: Readonly<Record<string, string>>) {
  const list = (text = '') => text.split(',').filter((path) => path !== '');
  return {
    directory: found[origin.directory] ?? '',
    files: list(found[origin.files]),
    envFiles: list(found[origin.environment]),
  };
}

const makers: Readonly<Record<string, string>> = {
  'com.docker.swarm.service.name': 'a Swarm service',
  'io.kubernetes.pod.name': 'a Kubernetes pod',
  'io.podman.compose.project': 'podman-compose',
};

function makerOf(found: Readonly<Record<string, string>>): string {
  const label = Object.keys(makers).find((name) => found[name] !== undefined);
  return label === undefined ? '' : ` (${makers[label]})`;
}
