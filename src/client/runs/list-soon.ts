import { setTimeout as delay } from 'node:timers/promises';
import type { RunFilter, RunRow, Runs } from './api.ts';

/** Runs for somebody who does not wait for a server that is far or gone: undefined when it has not answered in time. */
export async function listSoon(
  connect: () => Promise<Pick<Runs, 'list'>>,
  filter: RunFilter,
  patienceMs: number,
): Promise<readonly RunRow[] | undefined> {
  const asked = connect().then((runs) => runs.list(filter));
  // It is not waited for after the race, and nobody is left to hear of it.
  asked.catch(() => undefined);
  return Promise.race([asked, delay(patienceMs, undefined, { ref: false })]).catch(() => undefined);
}
