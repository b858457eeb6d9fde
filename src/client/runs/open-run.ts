import type { CommandError } from '../errors.ts';
import type { RunRow, Runs } from './api.ts';
import { standsStill } from './rpc.ts';

/**
 * The run that an order is for. Refused before it is sent where nobody can hear it: an order that was
 * told to have failed must not be obeyed later.
 */
export async function requireOpen(
  runs: Runs,
  run: string,
  hasEnded: () => CommandError,
): Promise<RunRow> {
  const row = await runs.find(run);
  if (!row.open) throw hasEnded();
  if (row.trouble !== undefined) throw standsStill(run, row.trouble);
  await runs.requireWorker();
  return row;
}
