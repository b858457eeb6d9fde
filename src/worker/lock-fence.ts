import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../activities/files.ts';
import { refuse } from '../shared/errors.ts';
import type { HeldLock } from '../shared/lock.ts';
import { writeInFolder } from './volatile-file.ts';

/** A grant that this host has seen; its file's name says all, so that nobody can write over a higher one. */
interface Grant {
  readonly token: number;
  readonly exclusive: boolean;
}

const fileName = ({ token, exclusive }: Grant) => `${token}.${exclusive ? 'exclusive' : 'shared'}`;

/**
 * Keeps out a run whose lock went to another one since, for all workers of this host. An exclusive holder is
 * outdated by any later grant of its key, a sharing one by a later exclusive grant.
 */
export class LockFence {
  private readonly directory: string;

  constructor(stateDirectory: string, platform: string) {
    this.directory = join(stateDirectory, 'platforms', platform, 'grants');
  }

  /** A run without locks (plans, reads) neither raises the fence nor is refused. */
  async check(locks: readonly HeldLock[]): Promise<void> {
    for (const lock of locks) pass(join(this.directory, encodeURIComponent(lock.key)), lock);
  }
}

/** Files the grant first and looks then: of two that come at once, one at least sees the other. */
function pass(folder: string, { key, mode, token }: HeldLock): void {
  const mine: Grant = { token, exclusive: mode === 'exclusive' };
  let seen = grants(folder);
  if (!seen.some((grant) => fileName(grant) === fileName(mine))) {
    writeInFolder(join(folder, fileName(mine)), '');
    seen = grants(folder);
    removeOutdated(folder, seen, mine);
  }
  const rivals = seen.filter(({ exclusive }) => mine.exclusive || exclusive);
  const highest = Math.max(token, ...rivals.map((grant) => grant.token));
  if (highest === token) return;
  throw refuse(
    'RB_LOCK_LOST',
    `another run has taken the lock ${key} since`,
    `this run holds token ${token}; the host has seen ${highest}`,
    'look at the other run, then start this one anew',
  );
}

function grants(folder: string): Grant[] {
  return namesIn(folder).flatMap((name) => {
    const [, token, mode] = /^(\d+)\.(exclusive|shared)$/.exec(name) ?? [];
    return token === undefined ? [] : [{ token: Number(token), exclusive: mode === 'exclusive' }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** What is older than this grant shuts out nobody whom this one does not. */
function removeOutdated(folder: string, seen: readonly Grant[], mine: Grant): void {
  const older = seen.filter(
    (grant) => grant.token < mine.token && (mine.exclusive || !grant.exclusive),
  );
  for (const grant of older) rmSync(join(folder, fileName(grant)), { force: true });
}
