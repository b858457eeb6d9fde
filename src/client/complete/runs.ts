import type { RunFilter, RunRow, Runs } from '../runs/api.ts';
import { listSoon } from '../runs/list-soon.ts';
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
  const rows = await listSoon(await loadConnect(), filter, patienceMs);
  return (rows ?? [])
    .filter(({ open }) => !ofEnded.has(command) || !open)
    .map((row) => ({ value: row.run, description: words(row) }));
}

const words = ({ runbook, platform, state }: RunRow) =>
  [runbook, platform === '' ? '' : `on ${platform}`, state].filter((word) => word !== '').join(' ');
