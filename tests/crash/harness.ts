import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunReport } from '../../src/shared/report.ts';
import { World } from '../support/world.ts';

/** Where a worker is killed: `before` or `after`, the activity, the step, the verb. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly call: string;
}

export interface CrashOutcome {
  readonly point: CrashPoint;
  readonly died: boolean;
  readonly report: RunReport;
  readonly effects: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What a runbook brings into the crash tests: its name, and how the platform is made ready before each case. */
export interface CrashSubject {
  readonly runbook: string;
  readonly prepare: (world: World) => Promise<void>;
}

/** Short beats, so that a killed worker is missed soon. */
const heartbeatTimeoutMs = 1500;

/** Kills the worker at one point of a runbook after the other, and looks whether the run ends as it should. */
export class CrashHarness {
  readonly world: World;
  private readonly subject: CrashSubject;
  private cases = 0;

  private constructor(world: World, subject: CrashSubject) {
    this.world = world;
    this.subject = subject;
  }

  static async open(
    subject: CrashSubject,
    platform: 'mini' | 'lab' = 'mini',
  ): Promise<CrashHarness> {
    const workerScript = join(import.meta.dirname, 'crashing-worker.ts');
    const world = await World.open({ platform, heartbeatTimeoutMs, workerScript });
    return new CrashHarness(world, subject);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** Runs the runbook undisturbed and returns every point at which a worker can die. */
  async points(): Promise<CrashPoint[]> {
    const { world } = this;
    const record = join(world.stateDirectory, 'calls');
    await this.restartWorker({ RUNBOOK_CRASH_RECORD: record });
    await this.subject.prepare(world);
    // Images and their like are there from now on; what the platform needs first is not what is tested.
    await rm(record, { force: true });
    const report = await world.report(await world.start(this.subject.runbook));
    if (report.outcome !== 'succeeded') throw new Error(`the undisturbed run: ${report.summary}`);
    const calls = [...new Set((await readFile(record, 'utf8')).split('\n').filter(Boolean))];
    return calls.flatMap((call) => [
      { when: 'before' as const, call },
      { when: 'after' as const, call },
    ]);
  }

  async run(point: CrashPoint): Promise<CrashOutcome> {
    const { world } = this;
    this.cases += 1;
    const once = join(world.stateDirectory, `died-${this.cases}`);
    await this.restartWorker({});
    await this.subject.prepare(world);
    await this.restartWorker({
      RUNBOOK_CRASH_AT: `${point.when} ${point.call}`,
      RUNBOOK_CRASH_ONCE: once,
    });
    const startedMs = Date.now();
    const handle = await world.start(this.subject.runbook);
    const died = await Promise.race([
      world.worker.ended().then(() => true),
      world.report(handle).then(() => false),
    ]);
    if (died) {
      world.worker.spawn();
      await world.worker.ready();
    }
    const report = await world.report(handle);
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    return { point, died, report, seconds, effects: await world.platform.effects() };
  }

  private async restartWorker(env: Record<string, string>): Promise<void> {
    await this.world.worker.stop();
    this.world.worker.spawn(env);
    await this.world.worker.ready();
  }
}
