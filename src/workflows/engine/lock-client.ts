import {
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LockGrant, LockMode, LockRelease, LockWait } from '../../shared/lock.ts';
import { lockWorkflowId, messages } from '../../shared/messages.ts';
import type { BoundActivities } from './activities.ts';
import type { Progress } from './progress.ts';

const lockGranted = defineSignal<[LockGrant]>(messages.lockGranted);
const lockWaiting = defineSignal<[LockWait]>(messages.lockWaiting);
const lockRelease = defineSignal<[LockRelease]>(messages.lockRelease);

/** A request that got lost is sent again after this long; the lock knows its requesters, so repeats are harmless. */
const askAgainMs = 30_000;

/** One run's side of a lock: asks, waits, shows for whom, and gives back. */
export class LockClient {
  private grant: LockGrant | undefined;
  private readonly key: string;
  private readonly mode: LockMode;
  private readonly progress: Progress;

  constructor(key: string, mode: LockMode, progress: Progress) {
    this.key = key;
    this.mode = mode;
    this.progress = progress;
    const mine = (message: { key: string; execution: string }) =>
      message.key === key && message.execution === workflowInfo().firstExecutionRunId;
    setHandler(lockGranted, (grant) => {
      if (mine(grant)) this.grant = grant;
    });
    setHandler(lockWaiting, (wait) => {
      if (mine(wait) && !this.grant) this.show('waiting', wait.heldBy);
    });
  }

  /** The token of the lock, once it is held. */
  async acquire(activities: BoundActivities): Promise<number> {
    this.show('waiting', []);
    while (!this.grant) {
      await activities.requestLock({ key: this.key, mode: this.mode });
      await condition(() => this.grant !== undefined, askAgainMs);
    }
    this.show('held', []);
    return this.grant.token;
  }

  /** Safe to repeat, and when the lock was never held; a request that still waits is withdrawn. */
  async release(): Promise<void> {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const owner = { workflowId, execution: firstExecutionRunId };
    try {
      await getExternalWorkflowHandle(lockWorkflowId(this.key)).signal(lockRelease, owner);
    } catch {
      // No such lock workflow: nobody holds it. Were it only out of reach, it would find this run closed.
    }
    this.show('released', []);
  }

  private show(status: 'waiting' | 'held' | 'released', heldBy: readonly string[]): void {
    const token = this.grant ? { token: this.grant.token } : {};
    this.progress.setLock({ key: this.key, mode: this.mode, status, heldBy, ...token });
  }
}
