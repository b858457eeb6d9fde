import { mkdir } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import {
  type ActivityInterceptorsFactory,
  NativeConnection,
  Runtime,
  type TelemetryOptions,
} from '@temporalio/worker';
import { dataConverter } from '../codec/data-converter.ts';
import { makeKeysOnce } from '../codec/key-file.ts';
import { workflowBundle } from './bundle.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { connectWithPatience } from './connect.ts';
import { createWorker } from './create-worker.ts';
import { createLogger } from './logger.ts';
import { measureOpenRuns } from './open-runs-metrics.ts';
import { requireSearchAttributes } from './search-attributes.ts';

/**
 * Runs a worker until it is told to stop: connects, refuses to start on a server that lacks our search
 * attributes, works. Interceptors given here run around our own; the crash tests kill the process in them.
 */
export async function runWorker(
  interceptors: readonly ActivityInterceptorsFactory[] = [],
): Promise<void> {
  const logger = createLogger();
  const config = readConfig(process.env);
  const runtime = Runtime.install({ logger, telemetryOptions: telemetry(config) });
  await mkdir(config.stateDirectory, { recursive: true, mode: 0o700 });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  if (config.codec.encrypt) await makeKeysOnce(config.codec.keyFile);
  const converter = dataConverter(config.codec);
  const bundle = await workflowBundle(config.workflowBundle, config.codec);
  const connection = await connectWithPatience(() => NativeConnection.connect(connectionOptions));
  await requireSearchAttributes(connection, namespace);
  const client = new Client({ connection, namespace, dataConverter: converter });
  const worker = await createWorker({
    ...{ config, connection, client, namespace, interceptors },
    workflowBundle: bundle,
    dataConverter: converter,
  });
  logger.info('worker ready', { platforms: config.platformFiles, state: config.stateDirectory });
  const metrics = config.metricsAddress && measureOpenRuns(client, runtime.metricMeter);
  await worker.run();
  if (metrics) metrics.stop();
  await connection.close();
}

/** In seconds: from a probe that answers at once to a build that takes an hour. */
const waitBuckets = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

function telemetry({ metricsAddress }: WorkerConfig): TelemetryOptions {
  if (metricsAddress === undefined) return {};
  const prometheus = {
    bindAddress: metricsAddress,
    countersTotalSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: {
      runbook_step_seconds: waitBuckets,
      runbook_lock_wait_seconds: waitBuckets,
    },
  };
  return { metrics: { prometheus } };
}
