import { errorFacts } from '../../shared/errors.ts';
import { completeFacts } from '../errors.ts';
import type { RunRow, Runs, Trouble } from './api.ts';

/** A list with what keeps its open runs from going on; the server is asked for each of them. */
export async function withTroubles(
  runs: Runs,
  rows: readonly RunRow[],
): Promise<readonly RunRow[]> {
  if (!rows.some((row) => row.open)) return rows;
  const absent = await absentWorker(runs);
  return Promise.all(
    rows.map(async (row) => {
      if (!row.open) return row;
      // A run that has just ended or expired is still an answer to what was asked.
      const found = await runs.find(row.run).catch(() => row);
      return absent === undefined || !found.open ? found : { trouble: absent, ...found };
    }),
  );
}

async function absentWorker(runs: Runs): Promise<Trouble | undefined> {
  try {
    await runs.requireWorker();
    return undefined;
  } catch (error) {
    if (errorFacts(error).code !== 'RB_NO_WORKER') throw error;
    return completeFacts(error);
  }
}
