import type { ContainerInspectInfo } from 'dockerode';

/** The labels by which Compose finds its containers, networks and volumes again. */
export const labels = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  oneOff: 'com.docker.compose.oneoff',
  number: 'com.docker.compose.container-number',
  configHash: 'com.docker.compose.config-hash',
} as const;

type ContainerState =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead';

export interface FailedHealthCheck {
  /** In a row; none while Docker does not count them, in the start period. */
  readonly failures: number;
  /** After so many the container counts as unhealthy. */
  readonly retries: number;
  readonly output: string;
}

/** One container as the engine reports it. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  /** The compose service it belongs to. */
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly configHash: string;
  readonly imageId: string;
  /** As it was called when the container was made. */
  readonly imageReference: string;
  readonly state: ContainerState;
  readonly exitCode: number;
  /** Docker starts it again when it ends with exit code 0: a daemon, not a job. */
  readonly restartsOnSuccess: boolean;
  readonly restartCount: number;
  /** How long Docker waits for it to end by itself when it is stopped. */
  readonly stopGraceSeconds: number;
  /** ISO 8601; empty when it never started. */
  readonly startedAt: string;
  readonly dockerHealth: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Docker's last health check, when it failed. What it printed may hold anything, a secret as well. */
  readonly lastHealthCheck?: FailedHealthCheck;
  /** Its addresses in the networks that it is in; none when it does not run. */
  readonly addresses: readonly string[];
}

const defaultStopGraceSeconds = 10;
const defaultRetries = 3;

/** Docker's way to write "never". */
const never = '0001-01-01T00:00:00Z';

export function containerFacts(info: ContainerInspectInfo): ContainerFacts {
  const label = info.Config.Labels ?? {};
  const { State } = info;
  const health = State.Health?.Status;
  const lastHealthCheck = failedHealthCheck(info);
  // Docker tells it; the types of its client do not.
  const { StopTimeout: stopTimeout } = info.Config as { StopTimeout?: number };
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    service: label[labels.service] ?? '',
    number: Number(label[labels.number] ?? 1),
    oneOff: label[labels.oneOff] === 'True',
    configHash: label[labels.configHash] ?? '',
    imageId: info.Image,
    imageReference: info.Config.Image,
    state: State.Status as ContainerState,
    exitCode: State.ExitCode,
    restartsOnSuccess: ['always', 'unless-stopped'].includes(
      info.HostConfig.RestartPolicy?.Name ?? '',
    ),
    restartCount: info.RestartCount,
    stopGraceSeconds: stopTimeout ?? defaultStopGraceSeconds,
    startedAt: State.StartedAt === never ? '' : State.StartedAt,
    dockerHealth:
      health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : 'none',
    ...(lastHealthCheck === undefined ? {} : { lastHealthCheck }),
    addresses: Object.values(info.NetworkSettings.Networks)
      .map(({ IPAddress }) => IPAddress)
      .filter(Boolean),
  };
}

const outputChars = 200;

function failedHealthCheck({ Config, State }: ContainerInspectInfo): FailedHealthCheck | undefined {
  // Null until the first check has run.
  const last = (State.Health?.Log ?? []).at(-1);
  if (last === undefined || last.ExitCode === 0) return undefined;
  return {
    failures: State.Health?.FailingStreak ?? 0,
    retries: Config.Healthcheck?.Retries || defaultRetries,
    output: last.Output.trim().slice(-outputChars),
  };
}
