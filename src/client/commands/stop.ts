import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { StopMode } from '../../shared/run-request.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface StopOptions {
  readonly run: string;
  readonly undo: boolean;
  readonly here: boolean;
  readonly why: string;
  readonly by?: string | undefined;
}

export function stopCommand(host: Host, work = stop) {
  return new Command('stop')
    .description(
      'Stop a run. What it has done is undone, newest first; with --here it stays as it is.',
    )
    .argument('<run>', 'id of the run')
    .option('--undo', 'undo what it has done (the default)')
    .option('--here', 'leave things as they are')
    .requiredOption('--why <text>', 'the reason; kept in the report')
    .option('--by <name>', 'who stops it (default: you)')
    .addHelpText(
      'after',
      '\nExample:\n  runbook stop deploy-lab-20261124-145903-1f3c --undo --why "wrong release"',
    )
    .action((run, { undo, here, why, by }) =>
      host.perform(work, { run, undo: undo ?? false, here: here ?? false, why, by }),
    );
}

export async function stop(options: StopOptions, session: Session): Promise<ExitCode> {
  const { run, undo, here, why, by = operator() } = options;
  if (undo && here) throw oneModeNeeded();
  const runs = await session.connect();
  if (!(await runs.isOpen(run))) throw hasEnded(run);
  const mode: StopMode = here ? 'here' : 'undo';
  await runs.stop(run, { mode, by, why });
  if (session.settings.output !== 'text') answerJson(session, { run, mode, by, why });
  note(session, [
    mode === 'undo' ? 'stopping; what was done is undone' : 'stopping; things stay as they are',
    `runbook watch ${run}`,
  ]);
  return exitCodes.done;
}

function oneModeNeeded(): CommandError {
  return new CommandError('RB_USAGE', 'say --undo or --here, not both', {
    why: 'a run is stopped in one way',
    fix: 'runbook stop --help',
  });
}

function hasEnded(run: string): CommandError {
  return new CommandError('RB_STOP_REFUSED', `the run ${run} has ended already`, {
    why: 'only an open run can be stopped',
    fix: `runbook report ${run}`,
    context: { run, changed: false },
  });
}
