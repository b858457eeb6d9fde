import { errorFacts } from '../../shared/errors.ts';
import type { StopMode } from '../../shared/run-request.ts';
import { CommandError } from '../errors.ts';
import { shellWord } from '../render/text.ts';
import type { RunRow } from '../runs/api.ts';
import { requireDefinition } from './definitions.ts';

interface ChosenMode {
  readonly mode: StopMode;
  /** What it was taken from, in words. */
  readonly because: string;
}

/** A flag wins; without one a stop means what the runbook says, as Temporal's own cancel does. */
export async function chooseStopMode(
  { run, runbook }: Pick<RunRow, 'run' | 'runbook'>,
  { undo, here }: { readonly undo: boolean; readonly here: boolean },
): Promise<ChosenMode> {
  if (undo) return { mode: 'undo', because: '--undo' };
  if (here) return { mode: 'here', because: '--here' };
  const { onCancel } = await requireDefinition(runbook).catch((error: unknown) => {
    throw modeNeeded(run, runbook, errorFacts(error).what);
  });
  return { mode: onCancel, because: `default of ${runbook}` };
}

/** The worker may have runbooks that this machine has not: guessing could undo hours of work. */
function modeNeeded(run: string, runbook: string, why: string): CommandError {
  return new CommandError('RB_USAGE', 'say --undo or --here', {
    why: `what stopping a run of ${runbook} means stands in its definition, which was not read: ${why}`,
    fix: `runbook stop ${shellWord(run)} --undo --why TEXT, or --here`,
    context: { run, changed: false },
  });
}
