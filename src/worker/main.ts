import { mkdir } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { workflowBundle } from './bundle.ts';
import { readConfig } from './config.ts';
import { connectWithPatience } from './connect.ts';
import { createWorker } from './create-worker.ts';
import { createLogger } from './logger.ts';
import { requireSearchAttributes } from './search-attributes.ts';

/** The worker process: connects, refuses to start on a server that lacks our attributes, works until told to stop. */
async function main(): Promise<void> {
  const logger = createLogger();
  Runtime.install({ logger });
  const config = readConfig(process.env);
  await mkdir(config.stateDirectory, { recursive: true, mode: 0o700 });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await connectWithPatience(() => NativeConnection.connect(connectionOptions));
  await requireSearchAttributes(connection, namespace);
  const worker = await createWorker({
    config,
    connection,
    client: new Client({ connection, namespace }),
    namespace,
    workflowBundle: await workflowBundle(),
  });
  logger.info('worker ready', { platforms: config.platformFiles, state: config.stateDirectory });
  await worker.run();
  await connection.close();
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
