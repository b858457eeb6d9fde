import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { taskQueue } from '../../src/shared/messages.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { TemporalServer } from '../../tests/support/temporal-server.ts';

/** A server as `up` starts it and a worker process whose activities do nothing. */
export class BenchWorld {
  readonly client: Client;
  private readonly worker: ChildProcess;
  private readonly opened: AsyncDisposableStack;
  private count = 0;

  private constructor(client: Client, worker: ChildProcess, opened: AsyncDisposableStack) {
    this.client = client;
    this.worker = worker;
    this.opened = opened;
  }

  static async open(): Promise<BenchWorld> {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'rbtest-bench-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const bundle = join(folder, 'workflows.js');
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, 'workflows.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    await writeFile(bundle, code);
    const server = await TemporalServer.start();
    opened.defer(() => server.stop());
    const script = join(import.meta.dirname, 'bench-worker.ts');
    const command = [process.execPath, script, server.address, join(folder, 'state'), bundle];
    const worker = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    opened.defer(() => void worker.kill('SIGKILL'));
    const gone = once(worker, 'exit').then(() => {
      throw new Error('the worker of the benchmark ended');
    });
    await Promise.race([once(worker.stdout, 'data'), gone]);
    gone.catch(() => undefined);
    const connection = await Connection.connect({ address: server.address });
    opened.defer(() => connection.close());
    return new BenchWorld(new Client({ connection }), worker, opened.move());
  }

  close(): Promise<void> {
    return this.opened.disposeAsync();
  }

  /** A run of so many steps to its end, on a platform of its own unless one is given. */
  steps(type: 'act-only' | 'full-steps', steps: number): Promise<RunReport> {
    return this.execute(type, [this.request(steps)]);
  }

  /** So many activities of the SDK's own, one after the other; resolves with when each began. */
  bare(activities: number): Promise<number[]> {
    return this.execute('bare', [activities]);
  }

  /** Starts a run that parks after so many steps; resolves with its id. */
  async park(steps: number): Promise<string> {
    const workflowId = this.nextId();
    const args = [this.request(steps)];
    await this.client.workflow.start('parked', { taskQueue, workflowId, args });
    return workflowId;
  }

  async eventsOf(run: string): Promise<number> {
    const { historyLength } = await this.client.workflow.getHandle(run).describe();
    return historyLength;
  }

  /** What the worker has in memory, in MiB. */
  async workerMiB(): Promise<number> {
    const status = await readFile(`/proc/${this.worker.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  private execute<T>(type: string, args: unknown[]): Promise<T> {
    const options = { taskQueue, workflowId: this.nextId(), args };
    return this.client.workflow.execute(type, options) as Promise<T>;
  }

  private request(steps: number) {
    // A lock of its own: runs of one platform would wait for each other.
    return { platform: `bench-${this.count}`, params: { steps } };
  }

  private nextId(): string {
    this.count += 1;
    return `bench-${this.count}`;
  }
}

/** Gives `measure` a world of its own. */
export async function inBenchWorld<T>(measure: (world: BenchWorld) => Promise<T>): Promise<T> {
  const world = await BenchWorld.open();
  try {
    return await measure(world);
  } finally {
    await world.close();
  }
}
