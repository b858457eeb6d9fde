import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { taskQueue } from '../../src/shared/messages.ts';
import { AttemptInterceptor } from '../../src/worker/attempt-interceptor.ts';
import { workerTuning } from '../../src/worker/create-worker.ts';
import { createBenchActivities } from './bench-activities.ts';

/** A worker in a process of its own, like the product's but for its activities: `ADDRESS STATE BUNDLE`. */
const [address = '', stateDirectory = '', codePath = ''] = process.argv.slice(2);

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const environment = { stateDirectory, redactor: async () => (text: string) => text };
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle: { codePath },
  activities: createBenchActivities(new Client({ connection }).workflow),
  interceptors: {
    activity: [(context) => ({ inbound: new AttemptInterceptor(context, environment) })],
  },
  ...workerTuning,
});
process.stdout.write('ready\n');
await worker.run();
