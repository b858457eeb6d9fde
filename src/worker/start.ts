import { mkdir } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { type ActivityInterceptorsFactory, NativeConnection, Runtime } from '@temporalio/worker';
import { workflowBundle } from './bundle.ts';
import { readConfig } from './config.ts';
import { connectWithPatience } from './connect.ts';
import { createWorker } from './create-worker.ts';
import { createLogger } from './logger.ts';
import { requireSearchAttributes } from './search-attributes.ts';

/**
 * Runs a worker until it is told to stop: connects, refuses to start on a server that lacks our search
 * attributes, works. Interceptors given here run around our own; the crash tests kill the process in them.
 */
export async function runWorker(
  interceptors: readonly ActivityInterceptorsFactory[] = [],
): Promise<void> {
  const logger = createLogger();
  Runtime.install({ logger });
  const config = readConfig(process.env);
  await mkdir(config.stateDirectory, { recursive: true, mode: 0o700 });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const bundle = await workflowBundle(config.workflowBundle);
  const connection = await connectWithPatience(() => NativeConnection.connect(connectionOptions));
  await requireSearchAttributes(connection, namespace);
  const client = new Client({ connection, namespace });
  const parts = { config, connection, client, namespace, workflowBundle: bundle, interceptors };
  const worker = await createWorker(parts);
  logger.info('worker ready', { platforms: config.platformFiles, state: config.stateDirectory });
  await worker.run();
  await connection.close();
}
