import type { RunRow, Runs } from '../runs/api.ts';
import { listSoon } from '../runs/list-soon.ts';
import type { Environment } from '../terminal.ts';
import { localEnvironment } from './local-environment.ts';
import type { UpNote } from './note.ts';

const patienceMs = 3_000;
const mostAsked = 500;

/** The open runs of what `up` started, wherever other commands would connect to; undefined when it does not say. */
export async function openRunsOf(
  { address, namespace }: Pick<UpNote, 'address' | 'namespace'>,
  env: Environment,
): Promise<readonly RunRow[] | undefined> {
  const { connectRuns } = await import('../runs/temporal.ts');
  const connecting = connectRuns({ address, namespace }, localEnvironment(env, address, namespace));
  const filter = { open: true, limit: mostAsked };
  const rows = await listSoon(() => connecting, filter, patienceMs);
  await closed(connecting);
  return rows;
}

const closed = (connecting: Promise<Runs>) =>
  connecting.then((runs) => runs.close()).catch(() => undefined);
