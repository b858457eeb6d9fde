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
import { dataConverter } from '../../src/codec/data-converter.ts';
import { codecSettings } from '../../src/codec/settings.ts';
import { taskQueue } from '../../src/shared/messages.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import { undeclaredSteps } from './declared-steps.ts';
import { PlatformCopy } from './platform-copy.ts';
import { reportOf } from './report-of.ts';
import { TemporalServer } from './temporal-server.ts';
import { until } from './until.ts';
import { WorkerProcess } from './worker-process.ts';

const packageRoot = join(import.meta.dirname, '..', '..');

export interface WorldOptions {
  /** A copy is made of those that are named; one that is given is destroyed as well. */
  readonly platform: 'mini' | 'lab' | PlatformCopy;
  readonly heartbeatTimeoutMs?: number;
  readonly workerScript?: string;
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** Whether payloads are encrypted; they are unless a test says otherwise. */
  readonly codec?: 'on' | 'off';
  /** What the Temporal server writes down of what it does. */
  readonly serverLogLevel?: 'debug';
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Parts = Pick<World, 'server' | 'worker' | 'platform' | 'stateDirectory' | 'client' | 'codec'>;

/** Everything real: a Temporal server, a worker process and a copy of a platform, for one test file. */
export class World {
  readonly server: TemporalServer;
  readonly worker: WorkerProcess;
  readonly platform: PlatformCopy;
  readonly stateDirectory: string;
  readonly client: Client;
  readonly codec: 'on' | 'off';
  private readonly opened: AsyncDisposableStack;
  private count = 0;

  private constructor(parts: Parts, opened: AsyncDisposableStack) {
    this.server = parts.server;
    this.worker = parts.worker;
    this.platform = parts.platform;
    this.stateDirectory = parts.stateDirectory;
    this.client = parts.client;
    this.codec = parts.codec;
    this.opened = opened;
  }

  /** Starts one part after the other; when one cannot start, those before it are taken away again. */
  static async open(options: WorldOptions): Promise<World> {
    await using opened = new AsyncDisposableStack();
    const stateDirectory = await mkdtemp(join(tmpdir(), 'rbtest-state-'));
    opened.defer(() => rm(stateDirectory, { recursive: true, force: true }));
    const platform =
      typeof options.platform === 'string'
        ? await PlatformCopy.of(options.platform)
        : options.platform;
    opened.defer(() => platform.destroy());
    const codec = options.codec ?? 'on';
    const env = { RUNBOOK_STATE_DIR: stateDirectory, RUNBOOK_CODEC: codec };
    const server = await TemporalServer.start(env, options.serverLogLevel);
    opened.defer(() => server.stop());
    const worker = await WorkerProcess.start({
      address: server.address,
      stateDirectory,
      platformFiles: [platform.platformFile],
      ...(options.heartbeatTimeoutMs ? { heartbeatTimeoutMs: options.heartbeatTimeoutMs } : {}),
      ...(options.workerScript ? { script: options.workerScript } : {}),
      env: { RUNBOOK_CODEC: codec, ...options.workerEnv },
    });
    opened.defer(() => worker.stop());
    const connection = await Connection.connect({ address: server.address });
    opened.defer(() => connection.close());
    const converter = dataConverter(codecSettings(env, stateDirectory));
    const client = new Client({ connection, dataConverter: converter });
    return new World({ server, worker, platform, stateDirectory, client, codec }, opened.move());
  }

  /** Takes every part away, the last one first, also when one of them fails. */
  close(): Promise<void> {
    return this.opened.disposeAsync();
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

  /** Every step of every run of the tests has to stand in the definition of its runbook. */
  async report(handle: WorkflowHandle): Promise<RunReport> {
    const report = await reportOf(handle);
    const { runbook, steps } = report as Partial<RunReport>; // one that was refused has neither
    if (runbook === undefined || steps === undefined) return report;
    const ids = steps.map(({ id }) => id);
    const unknown = undeclaredSteps(runbook, ids);
    if (unknown.length > 0) throw new Error(`${runbook} does not declare ${unknown.join(', ')}`);
    return report;
  }

  /** Runs the CLI as a person's shell would, with no terminal and nothing on standard input. */
  async cli(...args: string[]): Promise<CliResult> {
    const result = await execa(join(packageRoot, 'bin', 'runbook'), args, {
      reject: false,
      stdin: 'ignore',
      timeout: 600_000,
      env: {
        TEMPORAL_ADDRESS: this.server.address,
        RUNBOOK_STATE_DIR: this.stateDirectory,
        RUNBOOK_CODEC: this.codec,
      },
    });
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }
}
