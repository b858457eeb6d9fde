import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  Connection,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { execa } from 'execa';
import { taskQueue } from '../../src/shared/messages.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import { PlatformCopy } from './platform-copy.ts';
import { reportOf } from './report-of.ts';
import { TemporalServer } from './temporal-server.ts';
import { until } from './until.ts';
import { WorkerProcess } from './worker-process.ts';

const packageRoot = join(import.meta.dirname, '..', '..');

export interface WorldOptions {
  readonly platform: 'mini' | 'lab';
  readonly heartbeatTimeoutMs?: number;
  readonly workerScript?: string;
  readonly workerEnv?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything real: a Temporal server, a worker process and a copy of a platform, for one test file. */
export class World {
  readonly server: TemporalServer;
  readonly worker: WorkerProcess;
  readonly platform: PlatformCopy;
  readonly stateDirectory: string;
  readonly client: Client;
  private count = 0;

  private constructor(
    server: TemporalServer,
    worker: WorkerProcess,
    platform: PlatformCopy,
    stateDirectory: string,
    client: Client,
  ) {
    this.server = server;
    this.worker = worker;
    this.platform = platform;
    this.stateDirectory = stateDirectory;
    this.client = client;
  }

  static async open(options: WorldOptions): Promise<World> {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'rbtest-state-'));
    const platform = await PlatformCopy.of(options.platform);
    const server = await TemporalServer.start();
    const worker = await WorkerProcess.start({
      address: server.address,
      stateDirectory,
      platformFiles: [platform.platformFile],
      ...(options.heartbeatTimeoutMs ? { heartbeatTimeoutMs: options.heartbeatTimeoutMs } : {}),
      ...(options.workerScript ? { script: options.workerScript } : {}),
      ...(options.workerEnv ? { env: options.workerEnv } : {}),
    });
    const connection = await Connection.connect({ address: server.address });
    return new World(server, worker, platform, stateDirectory, new Client({ connection }));
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await this.worker.stop();
    await this.server.stop();
    await this.platform.destroy();
    await rm(this.stateDirectory, { recursive: true, force: true });
  }

  /** As before the first deploy: no containers, volumes, secrets, environment or releases. */
  async fresh(): Promise<void> {
    await this.platform.reset();
    const releases = join(this.stateDirectory, 'platforms', this.platform.name, 'releases');
    await rm(releases, { recursive: true, force: true });
  }

  /** A platform that was deployed and is left as it is; deployed first when it is not. */
  async deployed(): Promise<void> {
    const report = await this.report(await this.start('deploy'));
    if (report.outcome !== 'succeeded') throw new Error(report.summary);
  }

  /** Starts a run as the UI's form does: one JSON object, no CLI. */
  async start(
    runbook: string,
    request: RunRequest | unknown = {},
  ): Promise<WorkflowHandleWithFirstExecutionRunId> {
    const workflowId = `${runbook}-${this.platform.project}-${++this.count}`;
    return this.client.workflow.start(runbook, { taskQueue, workflowId, args: [request] });
  }

  async untilState(
    handle: WorkflowHandle,
    is: (state: RunState) => boolean,
    deadlineMs?: number,
  ): Promise<RunState> {
    return until(
      `the run ${handle.workflowId} is as wanted`,
      async () => {
        const state = await handle.query<RunState>('state');
        return is(state) && state;
      },
      deadlineMs,
    );
  }

  report(handle: WorkflowHandle): Promise<RunReport> {
    return reportOf(handle);
  }

  /** Runs the CLI as a person's shell would, with no terminal and nothing on standard input. */
  async cli(...args: string[]): Promise<CliResult> {
    const result = await execa(join(packageRoot, 'bin', 'runbook'), args, {
      reject: false,
      stdin: 'ignore',
      timeout: 600_000,
      env: { TEMPORAL_ADDRESS: this.server.address, RUNBOOK_STATE_DIR: this.stateDirectory },
    });
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }
}
