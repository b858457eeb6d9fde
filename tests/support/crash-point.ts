import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { until } from './until.ts';
import { World } from './world.ts';

/** A world whose worker dies, or stands still, where it is told to: the deterministic way to meet a run in the middle. */
export class CrashPoint {
  readonly world: World;
  private readonly directory: string;

  private constructor(world: World, directory: string) {
    this.world = world;
    this.directory = directory;
  }

  static async open(platform: 'mini' | 'lab' = 'mini'): Promise<CrashPoint> {
    const directory = await mkdtemp(join(tmpdir(), 'rbtest-crash-'));
    const world = await World.open({
      platform,
      heartbeatTimeoutMs: 1500,
      workerScript: join(import.meta.dirname, '..', 'crash', 'crashing-worker.ts'),
      workerEnv: { RUNBOOK_CRASH_DIRECTORY: directory },
    });
    return new CrashPoint(world, directory);
  }

  async close(): Promise<void> {
    await this.world.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Starts a run, ends it from outside while its worker is dead at the point, and starts the worker again. */
  async terminateAt(
    point: string,
    runbook: string,
    request: RunRequest = {},
  ): Promise<WorkflowHandle> {
    const { world } = this;
    await writeFile(join(this.directory, 'at'), point);
    const handle = await world.start(runbook, request);
    await world.worker.ended();
    await handle.terminate('by mistake');
    world.worker.spawn();
    await world.worker.ready();
    return handle;
  }
  /** Starts a run and does something while it stands still at a point, `before activity step verb`; then it goes on. */
  async standStillAt(
    point: string,
    runbook: string,
    request: RunRequest,
    meddle: () => Promise<unknown>,
  ): Promise<WorkflowHandle> {
    const [pause, paused] = [join(this.directory, 'pause'), join(this.directory, 'paused')];
    await rm(paused, { force: true });
    await writeFile(pause, point);
    try {
      const handle = await this.world.start(runbook, request);
      await until(`the run stands still ${point}`, async () => existsSync(paused), 120_000);
      await meddle();
      return handle;
    } finally {
      await rm(pause, { force: true });
    }
  }
}
