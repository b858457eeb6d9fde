import type { RunFilter, RunRow } from './api.ts';
import { isGone } from './row.ts';

/** More than anybody ends by hand; those beyond it are found the next time. */
const mostRuns = 50;
const mostRetries = 500;

interface Server {
  list(filter: RunFilter): Promise<readonly RunRow[]>;
  find(run: string): Promise<RunRow>;
}

/**
 * Runs that were ended from outside in the middle of their work, newest first: not those that were swept since, and
 * not those that a retry has carried to their end, for what they left belongs to it.
 */
export async function goneRuns(
  server: Server,
  platform?: string | undefined,
): Promise<readonly RunRow[]> {
  const listed = await server.list({ gone: true, platform, limit: mostRuns });
  // The list knows each execution; one that was swept has a later one.
  const now = await Promise.all(listed.map(({ run }) => server.find(run)));
  const gone = now.filter(isGone);
  if (gone.length === 0) return gone;
  const latest = await server.list({ platform, limit: mostRetries });
  const done = latest.filter(({ state }) => state === 'succeeded').map(({ retryOf }) => retryOf);
  return gone.filter(({ run }) => !done.includes(run));
}
