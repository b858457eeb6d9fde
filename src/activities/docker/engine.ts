import Docker from 'dockerode';
import { type ContainerFacts, containerFacts, labels } from './container-facts.ts';
import { createDeadline } from './engine-deadline.ts';
import { engineError, statusOf } from './engine-errors.ts';
import { type ExecOptions, type ExecResult, runExec } from './engine-exec.ts';
import { type ContainerLog, type LogOptions, readLog } from './engine-logs.ts';

export type { ContainerFacts } from './container-facts.ts';
export type { ExecOptions, ExecResult } from './engine-exec.ts';
export type { ContainerLog, LogLine } from './engine-logs.ts';

export interface ImageFacts {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the project asks of the Docker engine; every call ends within seconds or says that Docker is away. */
export interface DockerEngine {
  /** The containers of a compose project, or of one of its services, stopped ones included. */
  containers(project: string, service?: string): Promise<readonly ContainerFacts[]>;
  exec(containerId: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  logs(containerId: string, options?: LogOptions): Promise<ContainerLog>;
  /** Safe to repeat: a container that is gone or stopped already is fine. */
  stopContainer(containerId: string, graceSeconds: number): Promise<void>;
  /** Safe to repeat: a container that runs already is fine. */
  startContainer(containerId: string): Promise<void>;
  /** A container that does not run needs none. */
  signalContainer(containerId: string, signal: string): Promise<void>;
  /** Removes a container, never its named volumes. */
  removeContainer(containerId: string): Promise<void>;
  renameContainer(containerId: string, name: string): Promise<void>;
  image(reference: string): Promise<ImageFacts | undefined>;
  tagImage(id: string, reference: string): Promise<void>;
  /** Removes a name of an image; the image goes with its last name unless a container uses it. */
  untagImage(reference: string): Promise<void>;
  networks(project: string): Promise<readonly string[]>;
  volumes(project: string): Promise<readonly string[]>;
  /** False when containers still use it. A network that is gone already counts as removed. */
  removeNetworkIfEmpty(name: string): Promise<boolean>;
  /** `<container> (project <p>)` for each container that publishes the port on the host. */
  holdersOfPort(port: number): Promise<readonly string[]>;
}

export interface DockerEngineOptions {
  readonly socketPath?: string;
  /** How long one call may take before Docker counts as away. */
  readonly callTimeoutMs?: number;
}

const projectFilter = (project: string, service?: string) => ({
  label: [
    `${labels.project}=${project}`,
    ...(service === undefined ? [] : [`${labels.service}=${service}`]),
  ],
});

/** Only "there is no such thing" becomes undefined; any other error stays one. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

export function createDockerEngine(options: DockerEngineOptions = {}): DockerEngine {
  const docker = new Docker(
    options.socketPath === undefined ? {} : { socketPath: options.socketPath },
  );
  const within = createDeadline(options.callTimeoutMs ?? 20_000);
  const call = async <T>(what: string, work: () => Promise<T>, extraMs = 0): Promise<T> => {
    try {
      return await within(work(), extraMs);
    } catch (error) {
      throw engineError(error, what);
    }
  };

  return {
    containers: (project, service) =>
      call('list containers', async () => {
        const filters = projectFilter(project, service);
        const list = await docker.listContainers({ all: true, filters });
        const facts = await Promise.all(
          list.map(async ({ Id }) => {
            // A container may go between the list and this question.
            const inspected = await unlessMissing(docker.getContainer(Id).inspect());
            return inspected === undefined ? [] : [containerFacts(inspected)];
          }),
        );
        return facts.flat().filter((container) => !container.oneOff);
      }),
    exec: (id, argv, execOptions = {}) => runExec(docker, id, argv, execOptions, call),
    logs: (id, logOptions = {}) => call('read logs', () => readLog(docker, id, logOptions)),
    stopContainer: (id, graceSeconds) =>
      call(
        'stop a container',
        async () => {
          try {
            await docker.getContainer(id).stop({ t: graceSeconds });
          } catch (error) {
            if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
          }
        },
        graceSeconds * 1000,
      ),
    signalContainer: (id, signal) =>
      call('signal a container', async () => {
        try {
          await docker.getContainer(id).kill({ signal });
        } catch (error) {
          if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
        }
      }),
    startContainer: (id) =>
      call('start a container', async () => {
        try {
          await docker.getContainer(id).start();
        } catch (error) {
          if (statusOf(error) !== 304) throw error;
        }
      }),
    removeContainer: (id) =>
      call('remove a container', async () => {
        // 409: somebody else is removing it already.
        try {
          await docker.getContainer(id).remove({ force: true, v: false });
        } catch (error) {
          if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
        }
      }),
    renameContainer: (id, name) =>
      call('rename a container', async () => {
        await docker.getContainer(id).rename({ name });
      }),
    image: (reference) =>
      call('inspect an image', async () => {
        const image = await unlessMissing(docker.getImage(reference).inspect());
        return image === undefined
          ? undefined
          : { id: image.Id, labels: image.Config?.Labels ?? {} };
      }),
    tagImage: (id, reference) =>
      call('tag an image', async () => {
        const { repo, tag } = splitReference(reference);
        await docker.getImage(id).tag({ repo, tag });
      }),
    untagImage: (reference) =>
      call('untag an image', async () => {
        try {
          await docker.getImage(reference).remove();
        } catch (error) {
          // 409: its last name, and a container still uses it.
          if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
        }
      }),
    networks: (project) =>
      call('list networks', async () => {
        const list = await docker.listNetworks({ filters: projectFilter(project) });
        return list.map((network) => network.Name).sort();
      }),
    volumes: (project) =>
      call('list volumes', async () => {
        const { Volumes } = await docker.listVolumes({ filters: projectFilter(project) });
        return (Volumes ?? []).map((volume) => volume.Name).sort();
      }),
    removeNetworkIfEmpty: (name) =>
      call('remove a network', async () => {
        const network = docker.getNetwork(name);
        const inspected = await unlessMissing(network.inspect());
        if (inspected === undefined) return true;
        if (Object.keys(inspected.Containers ?? {}).length > 0) return false;
        await unlessMissing(network.remove());
        return true;
      }),
    holdersOfPort: (port) =>
      call('list containers', async () => {
        const list = await docker.listContainers({ filters: { publish: [String(port)] } });
        return list.map(({ Names, Labels }) => {
          const project = Labels[labels.project];
          return `${Names[0]?.slice(1)}${project === undefined ? '' : ` (project ${project})`}`;
        });
      }),
  };
}

/** `host:5000/name:tag` into name and tag; a colon before a slash belongs to the port. */
export function splitReference(reference: string): { repo: string; tag: string } {
  const colon = reference.lastIndexOf(':');
  if (colon <= reference.lastIndexOf('/')) return { repo: reference, tag: 'latest' };
  return { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
