import { Command, Option } from '@commander-js/extra-typings';
import { examples, timeoutOption } from '../options.ts';
import type { ExitCode, Host, Session } from '../session.ts';

export interface SweepOptions {
  readonly run?: string | undefined;
  readonly platform?: string | undefined;
  readonly yes: boolean;
  readonly why: string;
  readonly by?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const defaultWhy = 'it was ended from outside';

export function sweepCommand(host: Host, work = sweep) {
  return new Command('sweep')
    .description(
      'Undo what runs left that were terminated or timed out in the middle: show it, ask, undo it with ' +
        'the undos of their runbook, newest first. Volumes stay. Each then has a report like any other.',
    )
    .argument('[run]', 'id of the run (default: all that were ended so)')
    .option('--platform <name>', 'only runs on this platform')
    .option('-y, --yes', 'undo it without asking')
    .addOption(new Option('--why <text>', 'the reason; kept in the report').default(defaultWhy))
    .option('--by <name>', 'who sweeps (default: you)')
    .addOption(timeoutOption())
    .addHelpText('after', examples('runbook sweep', 'runbook sweep --platform lab --yes'))
    .action((run, { yes, timeout, ...rest }) =>
      host.perform(work, { ...rest, run, yes: yes ?? false, timeoutMs: timeout }),
    );
}

export async function sweep(options: SweepOptions, session: Session): Promise<ExitCode> {
  const { sweepRuns } = await import('../follow/sweep-runs.ts');
  return sweepRuns(options, session);
}
