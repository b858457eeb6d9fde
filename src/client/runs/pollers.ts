import { taskQueue } from '../../shared/messages.ts';
import type { Link } from '../connection.ts';
import { call } from './rpc.ts';
import { instant } from './timestamp.ts';

/** A waiting poll is renewed every minute; one older than that belongs to a worker that is gone. */
const freshMs = 70_000;

const taskQueueTypes = { workflow: 1, activity: 2 } as const;

export interface Poller {
  readonly identity: string;
  readonly lastSeen: Date;
}

/** Workers that have lately asked for work of both kinds: a run needs both. */
export async function freshPollers(link: Link, now = Date.now()): Promise<readonly Poller[]> {
  const [workflow, activity] = await Promise.all([
    pollersOf(link, taskQueueTypes.workflow),
    pollersOf(link, taskQueueTypes.activity),
  ]);
  const isFresh = (poller: Poller) => now - poller.lastSeen.getTime() < freshMs;
  return activity.some(isFresh) ? workflow.filter(isFresh) : [];
}

export async function hasWorker(link: Link): Promise<boolean> {
  return (await freshPollers(link)).length > 0;
}

async function pollersOf(link: Link, taskQueueType: number): Promise<readonly Poller[]> {
  const { pollers } = await call(link, { answerer: 'server' }, () =>
    link.connection.workflowService.describeTaskQueue({
      namespace: link.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType,
    }),
  );
  return (pollers ?? []).map((poller) => ({
    identity: poller.identity ?? '',
    lastSeen: instant(poller.lastAccessTime),
  }));
}
