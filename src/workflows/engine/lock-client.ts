import {
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { HeldLock, LockGrant, LockRelease, LockWait, LockWish } from '../../shared/lock.ts';
import { lockWorkflowId, messages } from '../../shared/messages.ts';
import type { LockState } from '../../shared/run-state.ts';
import type { BoundActivities } from './activities.ts';
import type { Progress } from './progress.ts';

const lockGranted = defineSignal<[LockGrant]>(messages.lockGranted);
const lockWaiting = defineSignal<[LockWait]>(messages.lockWaiting);
const lockRelease = defineSignal<[LockRelease]>(messages.lockRelease);

/** A request that got lost is sent again after this long; the lock knows its requesters, so repeats are harmless. */
const askAgainMs = 30_000;
/** A run that nothing keeps waiting has its locks much sooner. */
const promptMs = 10_000;

/** One run's side of its locks: asks for one after the other, waits, shows for whom, and gives them back. */
export class LockClient {
  private readonly wishes: readonly LockWish[];
  private readonly progress: Progress;
  private readonly tokens = new Map<string, number>();
  /** The highest token given back for a key: a repeated grant of it may still be on its way. */
  private readonly spent = new Map<string, number>();
  /** Whether it took long enough until the locks were held that what was true before may have changed. */
  waited = false;

  /** `wishes` in the order in which they are asked for: sorted by key, the same for every run. */
  constructor(wishes: readonly LockWish[], progress: Progress) {
    this.wishes = wishes;
    this.progress = progress;
    const mine = (message: { execution: string }) =>
      message.execution === workflowInfo().firstExecutionRunId;
    setHandler(lockGranted, (grant) => {
      const isNew = grant.token > (this.spent.get(grant.key) ?? 0);
      if (mine(grant) && isNew) this.tokens.set(grant.key, grant.token);
    });
    setHandler(lockWaiting, (wait) => {
      if (mine(wait)) this.waited = true;
      const wish = wishes.find(({ key }) => key === wait.key);
      if (mine(wait) && wish && !this.tokens.has(wait.key)) this.show(wish, 'waiting', wait.heldBy);
    });
  }

  /** All locks, once they are held. */
  async acquire(activities: BoundActivities): Promise<HeldLock[]> {
    const held: HeldLock[] = [];
    for (const wish of this.wishes)
      held.push({ ...wish, token: await this.take(wish, activities) });
    // Also when nobody held them: worker or server may have been away.
    if (Date.now() - workflowInfo().startTime.getTime() > promptMs) this.waited = true;
    return held;
  }

  /** For a run that was gone for a while: what it holds still is granted again, what it lost it waits for. */
  acquireAgain(activities: BoundActivities): Promise<HeldLock[]> {
    this.tokens.clear();
    return this.acquire(activities);
  }

  private async take(wish: LockWish, activities: BoundActivities): Promise<number> {
    this.show(wish, 'waiting');
    for (;;) {
      await activities.requestLock(wish);
      await condition(() => this.tokens.has(wish.key), askAgainMs);
      const token = this.tokens.get(wish.key);
      if (token === undefined) continue;
      this.show(wish, 'held');
      return token;
    }
  }

  /** Safe to repeat, and when a lock was never held; a request that still waits is withdrawn. */
  async release(): Promise<void> {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const owner = { workflowId, execution: firstExecutionRunId };
    const asked = this.progress
      .state()
      .locks.flatMap(({ key, status }) => (status === 'released' ? [] : [key]));
    for (const wish of this.wishes.filter(({ key }) => asked.includes(key)).reverse()) {
      try {
        await getExternalWorkflowHandle(lockWorkflowId(wish.key)).signal(lockRelease, owner);
      } catch {
        // No such lock workflow: nobody holds it. Were it only out of reach, it would find this run closed.
      }
      this.show(wish, 'released');
      this.spent.set(wish.key, this.tokens.get(wish.key) ?? 0);
      this.tokens.delete(wish.key);
    }
  }

  private show(wish: LockWish, status: LockState['status'], heldBy: readonly string[] = []): void {
    const token = this.tokens.get(wish.key);
    const known = token === undefined ? {} : { token };
    this.progress.setLock({ ...wish, status, heldBy, ...known });
  }
}
