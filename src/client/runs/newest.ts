import { CommandError } from '../errors.ts';
import type { Runs } from './api.ts';

/** The run that somebody means who names none. */
export async function newestOpenRun(runs: Runs): Promise<string> {
  const [newest] = await runs.list({ open: true, limit: 100 });
  if (newest !== undefined) return newest.run;
  throw new CommandError('RB_NO_RUN', 'no run is going on', {
    why: 'without an id the newest open run is meant, and there is none',
    fix: 'see the ended ones with runbook history',
  });
}
