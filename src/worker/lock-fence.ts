import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '../shared/errors.ts';
import type { HeldLock } from '../shared/lock.ts';
import { writeVolatile } from './volatile-file.ts';

/** The highest tokens that this host has seen for a key. */
interface Seen {
  readonly any: number;
  readonly exclusive: number;
}

/**
 * Keeps out a run whose lock went to another one since. An exclusive holder is outdated by any later grant of
 * its key, a sharing one by a later exclusive grant.
 */
export class LockFence {
  private readonly directory: string;

  constructor(stateDirectory: string, platform: string) {
    this.directory = join(stateDirectory, 'platforms', platform, 'fences');
  }

  /** A run without locks (plans, reads) neither raises the fence nor is refused. */
  async check(locks: readonly HeldLock[]): Promise<void> {
    for (const lock of locks) {
      const path = join(this.directory, encodeURIComponent(lock.key));
      pass(path, lock);
    }
  }
}

/** In one go: of two runs that come at once the lower token must not be written over the higher one. */
function pass(path: string, { key, mode, token }: HeldLock): void {
  const seen = seenIn(path);
  const highest = mode === 'exclusive' ? seen.any : seen.exclusive;
  if (token < highest) {
    throw refuse(
      'RB_LOCK_LOST',
      `another run has taken the lock ${key} since`,
      `this run holds token ${token}; the host has seen ${highest}`,
      'look at the other run, then start this one anew',
    );
  }
  const next = {
    any: Math.max(seen.any, token),
    exclusive: mode === 'exclusive' ? token : seen.exclusive,
  };
  if (next.any === seen.any && next.exclusive === seen.exclusive) return;
  writeVolatile(path, `${next.any} ${next.exclusive}`);
}

function seenIn(path: string): Seen {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Nobody has held this key here yet.
  }
  const [any = 0, exclusive = 0] = text.split(' ').map((word) => Number.parseInt(word, 10) || 0);
  return { any, exclusive };
}
