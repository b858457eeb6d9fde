import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createComposeCli } from '../activities/docker/compose-cli.ts';
import { createDockerEngine } from '../activities/docker/engine.ts';
import { createActivities } from '../activities/index.ts';
import { createRedactor } from '../activities/secrets/redactor.ts';
import { taskQueue } from '../shared/messages.ts';
import { AttemptInterceptor } from './attempt-interceptor.ts';
import { codeVersion } from './code-version.ts';
import type { WorkerConfig } from './config.ts';

export interface WorkerParts {
  readonly config: WorkerConfig;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly dataConverter: DataConverter;
  /** Run around ours, outermost first; the crash tests use it. */
  readonly interceptors?: readonly ActivityInterceptorsFactory[];
}

/** How every worker works, also that of the benchmark. */
export const workerTuning = {
  // Heartbeats carry the news of a cancellation: the SDK's default lets them through every 0.8 time-outs only.
  maxHeartbeatThrottleInterval: '2s',
  defaultHeartbeatThrottleInterval: '2s',
  // How long a run stands still after its worker was killed, before another may take it over.
  stickyQueueScheduleToStartTimeout: '3s',
  maxConcurrentActivityTaskExecutions: 32,
  maxCachedWorkflows: 200,
  shutdownGraceTime: '1s',
  shutdownForceTime: '20s',
} as const;

export function createWorker(parts: WorkerParts): Promise<Worker> {
  const { config, connection, client, namespace } = parts;
  const activities = createActivities({
    ...config,
    codeVersion: codeVersion(),
    workflowClient: client.workflow,
    engine: createDockerEngine(),
    compose: createComposeCli(),
  });
  const environment = { stateDirectory: config.stateDirectory, redactor: createRedactor };
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    identity: config.identity,
    workflowBundle: parts.workflowBundle,
    dataConverter: parts.dataConverter,
    activities,
    interceptors: {
      activity: [
        ...(parts.interceptors ?? []),
        (context) => ({ inbound: new AttemptInterceptor(context, environment) }),
      ],
    },
    ...workerTuning,
  });
}
