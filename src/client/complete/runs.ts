import { setTimeout as delay } from 'node:timers/promises';
import type { RunFilter, RunRow, Runs } from '../runs/api.ts';
import type { Proposal } from './proposal.ts';

/** A person who pressed a key does not wait for a server that is far or gone. */
const patienceMs = 300;
const most = 50;

/** Reports and logs are asked of runs that have ended, everything else of those that are open. */
const wantedBy: Readonly<Record<string, Pick<RunFilter, 'open' | 'gone'>>> = {
  report: {},
  logs: {},
  retry: {},
  sweep: { gone: true },
};
const ofEnded: ReadonlySet<string> = new Set(['report', 'retry', 'sweep']);

/** Loads the client, then gives the way to connect: loading is not the server's time. */
export type LoadConnect = () => Promise<() => Promise<Pick<Runs, 'list'>>>;

/** Ids of runs for a command; none when no server answers soon. */
export async function runIds(
  command: string,
  loadConnect: LoadConnect,
): Promise<readonly Proposal[]> {
  const filter = { ...(wantedBy[command] ?? { open: true }), limit: most };
  const connect = await loadConnect();
  const asked = connect().then((runs) => runs.list(filter));
  // It is not waited for after the race, and nobody is left to hear of it.
  asked.catch(() => undefined);
  const rows = await Promise.race([asked, delay(patienceMs, undefined, { ref: false })]).catch(
    () => undefined,
  );
  return (rows ?? [])
    .filter(({ open }) => !ofEnded.has(command) || !open)
    .map((row) => ({ value: row.run, description: words(row) }));
}

const words = ({ runbook, platform, state }: RunRow) =>
  [runbook, platform === '' ? '' : `on ${platform}`, state].filter((word) => word !== '').join(' ');
