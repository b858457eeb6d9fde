import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMutex } from '../activities/docker/mutex.ts';
import { refuse } from '../shared/errors.ts';
import { writeVolatile } from './volatile-file.ts';

/** Of two runs that come at once the lower token must not be written over the higher one. */
const oneAtATime = createMutex();

/**
 * The highest lock token that this host has seen for a platform. A run whose lock went to another run finds a
 * higher one here and may not change anything any more.
 */
export class PlatformFence {
  private readonly path: string;

  constructor(stateDirectory: string, platform: string) {
    this.path = join(stateDirectory, 'platforms', platform, 'fence');
  }

  /** Token 0 stands for a run without a lock (plans, reads): it neither raises nor is refused. */
  async check(token: number): Promise<void> {
    if (token !== 0) await oneAtATime(this.path, () => this.pass(token));
  }

  private async pass(token: number): Promise<void> {
    const text = await readFile(this.path, 'utf8').catch(() => '0');
    const highest = Number.parseInt(text, 10) || 0;
    if (token === highest) return;
    if (token < highest) {
      throw refuse(
        'RB_LOCK_LOST',
        'another run has taken the lock of this platform since',
        `this run holds token ${token}; the host has seen ${highest}`,
        'look at the other run, then start this one anew',
      );
    }
    await writeVolatile(this.path, String(token));
  }
}
