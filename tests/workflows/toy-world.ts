import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { createApprovalActivities } from '../../src/activities/approvals.ts';
import { currentAttempt } from '../../src/activities/attempt.ts';
import type { CheckedEdits, EditsInput } from '../../src/activities/edits.ts';
import { createLockActivities } from '../../src/activities/locks.ts';
import { createReportActivities } from '../../src/activities/reports.ts';
import { createSweepActivities } from '../../src/activities/sweep.ts';
import { bundleParts, dataConverter } from '../../src/codec/data-converter.ts';
import { codecSettings } from '../../src/codec/settings.ts';
import type { DefinitionFile } from '../../src/shared/definition-file.ts';
import type { ApprovalRules } from '../../src/shared/gate.ts';
import { lockWishes } from '../../src/shared/lock-wishes.ts';
import { taskQueue } from '../../src/shared/messages.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { ResolvedRun, ResolveInput } from '../../src/shared/resolved-run.ts';
import { paramProblems } from '../../src/shared/run-input.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import type { ProbeVerdict, RunState } from '../../src/shared/run-state.ts';
import type { Phase, StepContext } from '../../src/shared/step-context.ts';
import type { WindowVerdict } from '../../src/shared/windows.ts';
import { AttemptInterceptor } from '../../src/worker/attempt-interceptor.ts';
import { reportOf } from '../support/report-of.ts';
import { type CodecEnvironment, TemporalServer } from '../support/temporal-server.ts';
import { until } from '../support/until.ts';

type Script = (ctx: StepContext, input: unknown) => unknown;

/** What the toys take; every other parameter of theirs is the test's own. */
const toyParams: DefinitionFile['params'] = {
  max: { type: 'integer', description: 'How many at once.', default: 1, min: 1, max: 9 },
  maxErrors: { type: 'integer', description: 'How many may fail.', default: 0, min: 0 },
  targets: { type: 'string', description: 'With commas.', default: '' },
  word: { type: 'string', description: 'What acts are told.', default: '' },
};

/** What a script waits for, unless its attempt is taken away: beats are missed on a busy machine. */
export function unlessAborted<T>(work: Promise<T>): Promise<T> {
  const { signal } = currentAttempt();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** A Temporal server and a worker with scripted activities, for the tests of the engine. */
export class ToyWorld {
  readonly server: TemporalServer;
  readonly client: Client;
  /** `step phase attempt` of every call, in the order in which the calls began. */
  readonly calls: string[] = [];
  /** What the host's clock says of the platform's change windows; undefined when it has none. */
  window: WindowVerdict | undefined;
  /** What the platform file says of approvals; undefined when it says nothing. */
  approvals: ApprovalRules | undefined;
  /** How long a parked step waits; undefined: for ever. */
  park: ResolvedRun['park'];
  /** Waits here before edited parameters are checked. */
  beforeCheck: () => Promise<void> = async () => undefined;
  private readonly scripts = new Map<string, Script>();
  private readonly native: NativeConnection;
  /** For whatever is to talk to this world: the state directory with the keys. */
  readonly env: CodecEnvironment;
  private readonly bundle: WorkflowBundleWithSourceMap;
  /** The SDK has one a process. */
  private static runtime: Runtime | undefined;
  private worker: Worker | undefined;
  private running: Promise<void> = Promise.resolve();
  private onCall: (atMs: number) => void = () => undefined;
  private count = 0;

  private constructor(
    server: TemporalServer,
    client: Client,
    native: NativeConnection,
    bundle: WorkflowBundleWithSourceMap,
    env: CodecEnvironment,
  ) {
    this.server = server;
    this.client = client;
    this.native = native;
    this.bundle = bundle;
    this.env = env;
  }

  static async open(
    workflows = join(import.meta.dirname, 'toy-runbooks.ts'),
    codec: 'on' | 'off' = 'on',
  ): Promise<ToyWorld> {
    ToyWorld.runtime ??= Runtime.install({ logger: new DefaultLogger('ERROR') });
    const stateDirectory = await mkdtemp(join(tmpdir(), 'rbtest-toy-'));
    const env = { RUNBOOK_STATE_DIR: stateDirectory, RUNBOOK_CODEC: codec };
    const settings = codecSettings(env, stateDirectory);
    const server = await TemporalServer.start(env);
    const bundle = await bundleWorkflowCode({
      workflowsPath: workflows,
      logger: new DefaultLogger('ERROR'),
      ...bundleParts(settings),
    });
    const connection = await Connection.connect({ address: server.address });
    const native = await NativeConnection.connect({ address: server.address });
    const client = new Client({ connection, dataConverter: dataConverter(settings) });
    const world = new ToyWorld(server, client, native, bundle, env);
    await world.startWorker();
    return world;
  }

  /** With the keys of this world unless other settings are given. */
  async startWorker(settings = codecSettings(this.env, this.env.RUNBOOK_STATE_DIR)): Promise<void> {
    this.worker = await Worker.create({
      dataConverter: dataConverter(settings),
      connection: this.native,
      taskQueue,
      workflowBundle: this.bundle,
      activities: this.activities(),
      interceptors: {
        activity: [
          (context) => ({
            inbound: new AttemptInterceptor(context, {
              stateDirectory: this.env.RUNBOOK_STATE_DIR,
              redactor: async () => (text) => text,
            }),
          }),
        ],
      },
      maxHeartbeatThrottleInterval: '200ms',
      defaultHeartbeatThrottleInterval: '200ms',
      shutdownGraceTime: '100ms',
    });
    this.running = this.worker.run();
  }

  async stopWorker(): Promise<void> {
    this.worker?.shutdown();
    await this.running;
    this.worker = undefined;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.client.connection.close();
    await this.native.close();
    await this.server.stop();
    await rm(this.env.RUNBOOK_STATE_DIR, { recursive: true, force: true });
  }

  /** Resolves with the time (performance.now) at which the next bare activity begins. */
  nextCall(): Promise<number> {
    return new Promise((resolve) => {
      this.onCall = resolve;
    });
  }

  /** Forgets calls and scripts: each test starts with steps that are absent, succeed, and are then in place. */
  reset(): void {
    this.calls.length = 0;
    this.scripts.clear();
    this.window = undefined;
    this.approvals = undefined;
    this.park = undefined;
    this.beforeCheck = async () => undefined;
  }

  /** Scripts one verb of one step; `when` picks the attempts. */
  on(step: string, phase: Phase, script: Script): void {
    this.scripts.set(`${step} ${phase}`, script);
  }

  async start(
    runbook: string,
    request: RunRequest = {},
    workflowId = `toy-${process.pid}-${++this.count}`,
  ): Promise<WorkflowHandle> {
    return this.client.workflow.start(runbook, { taskQueue, workflowId, args: [request] });
  }

  async stateOf(handle: WorkflowHandle): Promise<RunState> {
    return handle.query<RunState>('state');
  }

  async untilState(handle: WorkflowHandle, wanted: RunState['state']): Promise<RunState> {
    return until(`the run is ${wanted}`, async () => {
      const state = await this.stateOf(handle);
      return state.state === wanted && state;
    });
  }

  report(handle: WorkflowHandle): Promise<RunReport> {
    return reportOf(handle);
  }

  private activities(): Record<string, (...args: never[]) => Promise<unknown>> {
    const play = async (ctx: StepContext, otherwise: unknown, input?: unknown) => {
      this.calls.push(`${ctx.step} ${ctx.phase} ${ctx.attempt}`);
      const script = this.scripts.get(`${ctx.step} ${ctx.phase}`);
      const answer = await script?.(ctx, input);
      return answer === undefined ? otherwise : answer;
    };
    const absent: ProbeVerdict = { state: 'absent', now: 'not there', change: 'make it' };
    return {
      ...createLockActivities(this.client.workflow),
      ...createReportActivities(),
      ...createApprovalActivities(this.client.workflow),
      ...createSweepActivities({
        stateDirectory: this.env.RUNBOOK_STATE_DIR,
        workflowClient: this.client.workflow,
      }),
      resolve: async (_: StepContext, input: ResolveInput): Promise<ResolvedRun> => {
        const { options, platform, params, meta } = (input.request ?? {}) as RunRequest;
        return {
          title: 'Toy',
          risk: 'reversible',
          locks: lockWishes(
            platform ?? 'toy',
            'reversible',
            params?.services as string[] | undefined,
          ),
          platform: platform ?? 'toy',
          platformDigest: '',
          notify: [],
          params: params ?? {},
          plan: options?.plan ?? false,
          ...(options?.planDigest ? { planDigest: options.planDigest } : {}),
          onFailure: options?.onFailure ?? 'park',
          ...(this.park ? { park: this.park } : {}),
          onCancel: 'undo',
          by: meta?.by ?? 'test',
          trigger: input.scheduled ? 'schedule' : 'cli',
          ...(this.window ? { window: this.window } : {}),
          ...(options?.outsideWindow && !input.scheduled
            ? { outsideWindow: options.outsideWindow }
            : {}),
          ...(this.approvals ? { approvals: this.approvals } : {}),
          ...(options?.from ? { from: options.from } : {}),
          ...(meta?.retryOf ? { retryOf: meta.retryOf } : {}),
          codeVersion: 'test',
          heartbeatTimeoutMs: 1000,
        };
      },
      checkEdits: async (_: StepContext, { params, edits }: EditsInput): Promise<CheckedEdits> => {
        await this.beforeCheck();
        const problems = paramProblems({ ...params, ...edits }, toyParams).map(
          ({ path, text }) => `${path.join('.')}: ${text}`,
        );
        return { problems };
      },
      checkWindow: async (): Promise<WindowVerdict> => {
        this.calls.push('check window');
        return this.window ?? { open: true };
      },
      bareActivity: async () => {
        this.onCall(performance.now());
        return 'done';
      },
      toyProbe: (ctx: StepContext) => play(ctx, absent),
      toyAct: (ctx: StepContext, input: unknown) => play(ctx, `${ctx.step} done`, input),
      toyVerify: (ctx: StepContext) => play(ctx, null),
      toyUndo: (ctx: StepContext) => play(ctx, null),
    };
  }
}
