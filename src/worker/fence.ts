import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RunbookError } from '../shared/errors.ts';
import {
  groupIsAlive,
  identify,
  isAlive,
  ownIdentity,
  type ProcessIdentity,
} from './process-identity.ts';
import { writeVolatile } from './volatile-file.ts';

/** An attempt as the host has it on file while it runs. */
interface Claim {
  /** When the server scheduled the attempt, in ms: the order of attempts, resets included. */
  readonly scheduledMs: number;
  readonly owner: ProcessIdentity;
  readonly children: readonly ProcessIdentity[];
}

interface FiledClaim {
  readonly path: string;
  readonly claim: Claim | undefined;
}

interface LocalAttempt {
  readonly scheduledMs: number;
  readonly abort: () => void;
  readonly ended: Promise<void>;
}

const olderAlive = () =>
  new RunbookError('RB_OLD_ATTEMPT_ALIVE', 'an older attempt of this step has not ended yet', {
    why: 'two attempts never overlap, and its process could not be proved gone',
    fix: 'nothing: the next attempt waits for it again; if it never ends, end that worker',
  });

const taken = () =>
  new RunbookError('RB_FENCED', 'a newer attempt of this step has taken over', {
    why: 'this one was given up as lost: its worker had been silent for too long',
    fix: 'nothing: the newer attempt goes on with the step',
    retry: 'never',
  });

/**
 * Keeps two attempts of one step from overlapping on this host. Each attempt files a claim; a newcomer ends the
 * older ones (aborts and awaits those of this process, proves those of dead processes gone with their children)
 * before it starts, and an older one that wakes up late finds the newer claim before its next effect.
 */
export class StepFence {
  private readonly directory: string;
  private readonly local: Map<string, LocalAttempt>;
  private readonly handoverMs: number;

  /**
   * `local` is shared by all fences of this process; `handoverMs` is how long a newcomer waits for an older
   * attempt that still runs before it gives up for now.
   */
  constructor(directory: string, local: Map<string, LocalAttempt>, handoverMs = 20_000) {
    this.directory = directory;
    this.local = local;
    this.handoverMs = handoverMs;
  }

  async enter(scheduledMs: number, abort: () => void): Promise<FenceClaim> {
    const owner = await ownIdentity();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const path = join(this.directory, `${scheduledMs}-${process.pid}.json`);
    const claim = new FenceClaim(this, path, { scheduledMs, owner, children: [] }, () => {
      this.local.delete(path);
      end();
    });
    claim.write();
    this.local.set(path, { scheduledMs, abort, ended });
    try {
      for (const other of this.claimsBeside(path)) await this.outlive(other, scheduledMs);
    } catch (error) {
      claim.leave();
      throw error;
    }
    return claim;
  }

  newerThan(scheduledMs: number): boolean {
    const names = readdirSync(this.directory);
    return names.some((name) => name.endsWith('.json') && Number.parseInt(name, 10) > scheduledMs);
  }

  private claimsBeside(own: string): FiledClaim[] {
    return readdirSync(this.directory)
      .map((name) => join(this.directory, name))
      .filter((path) => path.endsWith('.json') && path !== own)
      .flatMap((path) => {
        const text = textOf(path);
        return text === undefined ? [] : [{ path, claim: readClaim(text) }];
      });
  }

  private async outlive({ path, claim }: FiledClaim, scheduledMs: number): Promise<void> {
    if (claim && claim.scheduledMs > scheduledMs && (await isAlive(claim.owner))) throw taken();
    const local = this.local.get(path);
    if (local) {
      local.abort();
      const gaveUp = new AbortController();
      const timeout = delay(this.handoverMs, 'late' as const, { signal: gaveUp.signal });
      const winner = await Promise.race([local.ended, timeout]);
      gaveUp.abort();
      timeout.catch(() => undefined);
      if (winner === 'late') throw olderAlive();
      return;
    }
    if (claim) {
      await endChildren(claim.children);
      if (await isAlive(claim.owner)) await this.awaitForeign(path, claim.owner);
    }
    rmSync(path, { force: true });
  }

  /** Another live process on this host: it finds our claim before its next effect and withdraws its own. */
  private async awaitForeign(path: string, owner: ProcessIdentity): Promise<void> {
    for (const deadline = Date.now() + this.handoverMs; Date.now() < deadline; await delay(100)) {
      const withdrawn = textOf(path) === undefined;
      if (withdrawn || !(await isAlive(owner))) return;
    }
    throw olderAlive();
  }
}

/** Undefined for a claim that has been withdrawn meanwhile. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Claims are replaced whole, so one that cannot be read is from before a power cut, like its process. */
function readClaim(text: string): Claim | undefined {
  try {
    const claim = JSON.parse(text) as Partial<Claim> | null;
    return claim?.owner && claim.children ? (claim as Claim) : undefined;
  } catch {
    return undefined;
  }
}

/** Children lead their own process group; what they have started may outlive them. */
async function endChildren(children: readonly ProcessIdentity[]): Promise<void> {
  for (const child of children) {
    const holder = await identify(child.pid);
    const recycled = holder && holder.startTicks !== child.startTicks;
    if (recycled || !(await groupIsAlive(child.pid))) continue;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended by itself between the look and the signal.
    }
    for (const deadline = Date.now() + 5000; await groupIsAlive(child.pid); await delay(50)) {
      if (Date.now() > deadline) throw olderAlive();
    }
  }
}

/** One attempt's entry in the fence. */
export class FenceClaim {
  private readonly fence: StepFence;
  private readonly path: string;
  private facts: Claim;
  private readonly onLeave: () => void;

  constructor(fence: StepFence, path: string, facts: Claim, onLeave: () => void) {
    this.fence = fence;
    this.path = path;
    this.facts = facts;
    this.onLeave = onLeave;
  }

  write(): void {
    writeVolatile(this.path, JSON.stringify(this.facts));
  }

  async trackChild(pid: number): Promise<void> {
    const child = await identify(pid);
    if (!child) return;
    this.facts = { ...this.facts, children: [...this.facts.children, child] };
    this.write();
  }

  /** Throws when a newer attempt has filed its claim. */
  async check(): Promise<void> {
    if (this.fence.newerThan(this.facts.scheduledMs)) throw taken();
  }

  leave(): void {
    rmSync(this.path, { force: true });
    this.onLeave();
  }
}
