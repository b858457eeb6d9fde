import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { ContainerStarts, countByService } from '../support/container-starts.ts';
import { DockerProxy } from '../support/docker-proxy.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Where a worker is killed: `before` or `after`, the activity, the step, the verb. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly call: string;
}

export const nameOf = ({ when, call }: CrashPoint): string => `${when} ${call}`;

/** One run, with one death of the worker at each of its points. */
export interface CrashOutcome {
  readonly points: readonly CrashPoint[];
  /** The points that the run never came to; none, when all is well. */
  readonly missed: readonly string[];
  readonly report: RunReport;
  /** How often each service's container was started. */
  readonly effects: Readonly<Record<string, number>>;
  /** The same of the undisturbed run. */
  readonly wanted: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** What the subject's own check says. */
  readonly problem: string | undefined;
}

/** What a runbook brings into the crash tests: its name, and how the platform is made ready before each case. */
export interface CrashSubject {
  readonly runbook: string;
  /** What of the platform, where the runbook has a second subject. */
  readonly of?: string;
  /** `{}` when absent. */
  readonly request?: (platform: 'mini' | 'lab') => RunRequest;
  readonly prepare: (world: World) => Promise<void>;
  /** A run of its own takes over its locks as soon as it gives them back. */
  readonly startsAnother?: true;
  /** What else must hold after a run and what it has started, in words when it does not. */
  readonly check?: (world: World, report: RunReport) => Promise<string | undefined>;
}

/** A run that stood still at a point while something was done to it. */
export interface Interrupted {
  readonly point: CrashPoint;
  readonly handle: WorkflowHandle;
  /** False when the run never came to the point. */
  readonly reached: boolean;
}

/** What is done at a point; the run stands still until `goOn`, at the latest until it returns. */
export type Meddle = (handle: WorkflowHandle, goOn: () => Promise<void>) => Promise<void>;

/** Short beats, so that a killed worker is missed soon. */
const heartbeatTimeoutMs = 1500;

/** Kills the worker at one point of a runbook after the other, and looks whether the run ends as it should. */
export class CrashHarness {
  readonly world: World;
  /** The worker's way to Docker. */
  readonly docker: DockerProxy;
  private readonly subject: CrashSubject;
  private readonly directory: string;
  private readonly starts: ContainerStarts;
  private wanted: Readonly<Record<string, number>> = {};

  private constructor(world: World, docker: DockerProxy, subject: CrashSubject, directory: string) {
    this.world = world;
    this.docker = docker;
    this.subject = subject;
    this.directory = directory;
    this.starts = ContainerStarts.listen(world.platform.project);
  }

  static async open(
    subject: CrashSubject,
    platform: 'mini' | 'lab' = 'mini',
  ): Promise<CrashHarness> {
    const workerScript = join(import.meta.dirname, 'crashing-worker.ts');
    const directory = await mkdtemp(join(tmpdir(), 'rbtest-crash-'));
    const docker = await DockerProxy.start();
    const world = await World.open({
      platform,
      heartbeatTimeoutMs,
      workerScript,
      workerEnv: {
        ...{ RUNBOOK_CRASH_DIRECTORY: directory, RUNBOOK_CRASH_RUNBOOK: subject.runbook },
        DOCKER_HOST: docker.host,
      },
    });
    return new CrashHarness(world, docker, subject, directory);
  }

  async close(): Promise<void> {
    await this.starts.stop();
    await this.world.close();
    await this.docker.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Runs the runbook undisturbed and returns every point at which a worker can die. */
  async points(): Promise<CrashPoint[]> {
    const { world } = this;
    await this.subject.prepare(world);
    const record = join(this.directory, 'calls');
    await rm(record, { force: true });
    this.starts.take();
    const report = await world.report(await world.start(this.subject.runbook, this.request));
    if (report.outcome !== 'succeeded') throw new Error(`the undisturbed run: ${report.summary}`);
    const problem = await this.problem(report);
    if (problem !== undefined) throw new Error(`the undisturbed run: ${problem}`);
    this.wanted = countByService(this.starts.take());
    return [...new Set(await this.calls())].flatMap((call) => [
      { when: 'before' as const, call },
      { when: 'after' as const, call },
    ]);
  }

  async run(points: readonly CrashPoint[]): Promise<CrashOutcome> {
    const { world } = this;
    await this.subject.prepare(world);
    this.starts.take();
    const at = join(this.directory, 'at');
    await writeFile(at, points.map(nameOf).join('\n'));
    const startedMs = Date.now();
    const handle = await world.start(this.subject.runbook, this.request);
    while (await this.diesBeforeTheEndOf(handle)) {
      world.worker.spawn();
      await world.worker.ready();
    }
    const report = await world.report(handle);
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    const problem = await this.problem(report);
    const effects = countByService(this.starts.take());
    const missed = (await readFile(at, 'utf8')).split('\n').filter(Boolean);
    await rm(at);
    return { points, missed, report, seconds, effects, wanted: this.wanted, problem };
  }

  /** Makes the platform ready, lets a run come to a point, and does something to it there. */
  async interrupt(point: CrashPoint, meddle: Meddle): Promise<Interrupted> {
    const { world, directory } = this;
    await this.subject.prepare(world);
    const [pause, paused] = [join(directory, 'pause'), join(directory, 'paused')];
    for (const file of [paused, join(directory, 'calls')]) await rm(file, { force: true });
    this.starts.take();
    await writeFile(pause, nameOf(point));
    const handle = await world.start(this.subject.runbook, this.request);
    const goOn = () => rm(pause, { force: true });
    try {
      let over = false;
      const end = () => {
        over = true;
      };
      void world.report(handle).then(end, end);
      await until('the run is at the point', async () => over || existsSync(paused), 120_000);
      const reached = existsSync(paused);
      if (reached) await meddle(handle, goOn);
      return { point, handle, reached };
    } finally {
      await goOn();
    }
  }

  /** Of whatever execution of the run is the last: a reset makes another. */
  lastReport({ handle }: Interrupted): Promise<RunReport> {
    return this.world.report(this.world.client.workflow.getHandle(handle.workflowId));
  }

  /** `activity step verb` of every call since the run began. */
  async calls(): Promise<string[]> {
    return (await readFile(join(this.directory, 'calls'), 'utf8')).split('\n').filter(Boolean);
  }

  /** How often each service's container was started since the last prepared case, and in an undisturbed run. */
  effects(): { readonly effects: Record<string, number>; readonly wanted: Record<string, number> } {
    return { effects: countByService(this.starts.take()), wanted: { ...this.wanted } };
  }

  private get request(): RunRequest {
    return this.subject.request?.(this.world.platform.kind === 'lab' ? 'lab' : 'mini') ?? {};
  }

  problem(report: RunReport): Promise<string | undefined> {
    return this.subject.check?.(this.world, report) ?? Promise.resolve(undefined);
  }

  private diesBeforeTheEndOf(handle: WorkflowHandle): Promise<boolean> {
    return Promise.race([
      this.world.worker.ended().then(() => true),
      this.world.report(handle).then(() => false),
    ]);
  }
}
