import { errorFacts } from '../../shared/errors.ts';
import type { RunState } from '../../shared/run-state.ts';
import { completeFacts } from '../errors.ts';
import { reportState } from '../render/report.ts';
import type { RunRow, Runs, Trouble } from '../runs/api.ts';
import { failingCode } from '../runs/failing-task.ts';
import { standsStill } from '../runs/rpc.ts';
import { withWaits } from '../runs/waits.ts';
import { endedWithout } from './tell-end.ts';

const standstills: ReadonlySet<string> = new Set(['RB_NO_WORKER', failingCode]);

/** Where a run stands: in its own words, or, when it cannot answer, what the server knows and why. */
export type Standing =
  | { readonly state: RunState }
  | { readonly row: RunRow; readonly trouble: Trouble };

export async function standingOf(runs: Runs, run: string): Promise<Standing> {
  const row = await runs.find(run);
  if (!row.open) return { state: await endedState(runs, run) };
  try {
    if (row.trouble !== undefined) throw standsStill(run, row.trouble);
    // Told at once; a query waits its whole deadline for a worker.
    await runs.requireWorker();
    return { state: withWaits(await runs.state(run), row.waits) };
  } catch (error) {
    if (!standstills.has(errorFacts(error).code)) throw error;
    const trouble = row.trouble ?? completeFacts(error);
    return { row: { ...row, trouble }, trouble };
  }
}

/** A run that has ended is shown from its report, so no worker is needed for it. */
async function endedState(runs: Runs, run: string): Promise<RunState> {
  const end = await runs.end(run);
  if (end.report === undefined) throw endedWithout(run, end);
  return reportState(end.report);
}
