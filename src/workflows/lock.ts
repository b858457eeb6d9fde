import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { LockBook, LockBreak, LockOwner, LockRelease, LockRequest } from '../shared/lock.ts';
import { messages } from '../shared/messages.ts';
import { breakLock, enqueue, free, grantNext, requireParty } from './engine/lock-book.ts';
import { requireText } from './engine/update-input.ts';

const lockRequest = defineSignal<[LockRequest]>(messages.lockRequest);
const lockRelease = defineSignal<[LockRelease]>(messages.lockRelease);
const lockBreak = defineUpdate<string, [LockBreak]>(messages.lockBreak);
const lockState = defineQuery<LockBook>(messages.lockState);

const { ownerIsOpen } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 3 },
});

const breakExample =
  '{"workflowId": "deploy-lab-1", "execution": "0199...", "by": "ann", "why": "host is gone"}';

/** How often a holder is looked at while somebody waits. */
const checkHolderMs = 5000;

/**
 * One lock: who holds it, who waits. First come, first served; readers share. A holder that closed without
 * giving it back (terminated, timed out) is found out as soon as somebody waits.
 */
export async function runbookLock(book: LockBook): Promise<void> {
  let news = true;
  const told = new Map<string, string>();
  setHandler(lockState, () => book);
  setHandler(lockRequest, (request) => {
    enqueue(book, request, Date.now());
    news = true;
  });
  setHandler(lockRelease, (owner) => {
    free(book, owner);
    news = true;
  });
  setHandler(
    lockBreak,
    (request) => {
      breakLock(book, request, Date.now());
      news = true;
      return `${request.workflowId} is out`;
    },
    {
      validator: (request) => {
        requireText(request, ['workflowId', 'execution', 'by', 'why'], breakExample);
        requireParty(book, request);
      },
      description:
        'Take the lock away from a run that will not give it back: {workflowId, execution, by, why}',
    },
  );

  while (!workflowInfo().continueAsNewSuggested) {
    await (book.queue.length > 0 ? condition(() => news, checkHolderMs) : condition(() => news));
    if (!news) await freeClosedHolders(book);
    news = false;
    await grant(book);
    await tellWaiting(book, told);
  }
  await continueAsNew<typeof runbookLock>(book);
}

async function grant(book: LockBook): Promise<void> {
  for (const holder of grantNext(book, Date.now())) {
    const told = await tell(holder, messages.lockGranted, {
      key: book.key,
      execution: holder.execution,
      token: holder.token,
    });
    if (!told) free(book, holder);
  }
}

/** Waiting runs hear for whom they wait, when that changes; one that has closed leaves the queue. */
async function tellWaiting(book: LockBook, toldBefore: Map<string, string>): Promise<void> {
  const heldBy = book.holders.map((holder) => holder.workflowId);
  for (const request of [...book.queue]) {
    if (toldBefore.get(request.execution) === heldBy.join()) continue;
    toldBefore.set(request.execution, heldBy.join());
    const alive = await tell(request, messages.lockWaiting, {
      key: book.key,
      execution: request.execution,
      heldBy,
    });
    if (!alive) free(book, request);
  }
}

async function tell(owner: LockOwner, signal: string, message: object): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(owner.workflowId).signal(signal, message);
    return true;
  } catch {
    // The server refuses a signal to a closed run: nobody is there to hold the lock.
    return false;
  }
}

async function freeClosedHolders(book: LockBook): Promise<void> {
  for (const holder of [...book.holders]) {
    const open = await ownerIsOpen({ workflowId: holder.workflowId, execution: holder.execution });
    if (!open) free(book, holder);
  }
}
