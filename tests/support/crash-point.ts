import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { World } from './world.ts';

/** A world whose worker dies where it is told to: the deterministic way to end a run in the middle. */
export class CrashPoint {
  readonly world: World;
  private readonly directory: string;

  private constructor(world: World, directory: string) {
    this.world = world;
    this.directory = directory;
  }

  static async open(): Promise<CrashPoint> {
    const directory = await mkdtemp(join(tmpdir(), 'rbtest-crash-'));
    const world = await World.open({
      platform: 'mini',
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
}
