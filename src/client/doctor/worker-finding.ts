import { hostname } from 'node:os';
import { formatDuration } from '../../report/time.ts';
import { taskQueue } from '../../shared/messages.ts';
import type { Poller } from '../runs/pollers.ts';
import { processId } from '../up/processes.ts';
import { type Finding, fail, ok } from './check.ts';

const name = 'worker';
const fix = 'runbook up, or runbook worker';

/** The server remembers for a while who asked it for work; whether a worker of this host lives, the host knows. */
export async function workerFinding(pollers: readonly Poller[], now: Date): Promise<Finding> {
  const newest = new Map<string, Date>();
  for (const { identity, lastSeen } of pollers) {
    if (lastSeen > (newest.get(identity) ?? 0)) newest.set(identity, lastSeen);
  }
  if (newest.size === 0) return fail(name, `none polls the queue "${taskQueue}"`, fix);
  const workers = await Promise.all(
    [...newest].map(async ([identity, lastSeen]) => ({
      identity,
      isGone: await isGone(identity),
      seen: `last seen ${formatDuration(Math.max(0, now.getTime() - lastSeen.getTime()))} ago`,
    })),
  );
  const gone = workers.filter((worker) => worker.isGone);
  const alive = workers.filter((worker) => !worker.isGone);
  const observed = [
    ...alive.map(({ identity, seen }) => `${identity}, ${seen}`),
    ...gone.map(({ identity, seen }) => `${identity} is gone: its process has ended, ${seen}`),
  ].join('; ');
  return alive.length === 0 ? fail(name, observed, fix) : ok(name, observed);
}

/** By the name that a worker gives itself (`worker/config.ts`). */
async function isGone(identity: string): Promise<boolean> {
  const [, host, pid] = /^runbook@(.+):(\d+)$/.exec(identity) ?? [];
  return host === hostname() && (await processId(Number(pid))) === undefined;
}
