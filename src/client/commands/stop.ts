import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { exampleRun, examples, whyOption } from '../options.ts';
import { shellWord } from '../render/text.ts';
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
      'Stop a run. Its runbook says what becomes of what it has done, unless --undo or --here does; ' +
        'runbook show NAME prints it as "on cancel".',
    )
    .argument('<run>', 'id of the run')
    .option('--undo', 'undo what it has done, newest first')
    .option('--here', 'leave things as they are')
    .addOption(whyOption())
    .option('--by <name>', 'who stops it (default: you)')
    .addHelpText('after', examples(`runbook stop ${exampleRun} --undo --why "wrong release"`))
    .action((run, { undo, here, why, by }) =>
      host.perform(work, { run, undo: undo ?? false, here: here ?? false, why, by }),
    );
}

export async function stop(options: StopOptions, session: Session): Promise<ExitCode> {
  const { run, undo, here, why, by = operator() } = options;
  if (undo && here) throw oneModeNeeded();
  const { requireOpen } = await import('../runs/open-run.ts');
  const { chooseStopMode } = await import('../local/stop-mode.ts');
  const runs = await session.connect();
  const row = await requireOpen(runs, run, () => hasEnded(run));
  const { mode, because } = await chooseStopMode(row, { undo, here });
  await runs.stop(run, { mode, by, why });
  if (session.settings.output !== 'text') answerJson(session, { run, mode, because, by, why });
  note(session, [
    `stopping ${run}: ${outcome[mode]} (${because})`,
    `runbook watch ${shellWord(run)}`,
  ]);
  return exitCodes.done;
}

const outcome = {
  undo: 'what it has done is undone, newest first',
  here: 'things stay as they are, nothing is undone',
} as const;

function oneModeNeeded(): CommandError {
  return new CommandError('RB_USAGE', 'say --undo or --here, not both', {
    why: 'a run is stopped in one way',
    fix: 'runbook stop --help',
  });
}

function hasEnded(run: string): CommandError {
  return new CommandError('RB_STOP_REFUSED', `the run ${run} has ended already`, {
    why: 'only an open run can be stopped',
    fix: `runbook report ${shellWord(run)}`,
    context: { run, changed: false },
  });
}
