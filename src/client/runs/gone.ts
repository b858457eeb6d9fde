import type { RunFilter, RunRow } from './api.ts';
import { isGone } from './row.ts';

/** More than anybody ends by hand; those beyond it are found the next time. */
const mostRuns = 50;

interface Server {
  list(filter: RunFilter): Promise<readonly RunRow[]>;
  find(run: string): Promise<RunRow>;
}

/** Runs that were ended from outside in the middle of their work and were not swept since, newest first. */
export async function goneRuns(
  server: Server,
  platform?: string | undefined,
): Promise<readonly RunRow[]> {
  const listed = await server.list({ gone: true, platform, limit: mostRuns });
  // The list knows each execution; one that was swept has a later one.
  const now = await Promise.all(listed.map(({ run }) => server.find(run)));
  return now.filter(isGone);
}
