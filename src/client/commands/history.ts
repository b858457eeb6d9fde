import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples, positiveInteger } from '../options.ts';
import { type ExitCode, type Host, note, type Session } from '../session.ts';

export interface HistoryOptions {
  readonly limit: number;
  readonly runbook?: string | undefined;
  readonly platform?: string | undefined;
}

const defaultLimit = 20;

export function historyCommand(host: Host, work = history) {
  return new Command('history')
    .description('List the latest runs, open and ended, newest first.')
    .option('-n, --limit <number>', 'how many', positiveInteger, defaultLimit)
    .option('--runbook <name>', 'only runs of this runbook')
    .option('--platform <name>', 'only runs on this platform')
    .addHelpText('after', examples('runbook history -n 5 --runbook deploy'))
    .action((options) => host.perform(work, options));
}

export async function history(options: HistoryOptions, session: Session): Promise<ExitCode> {
  const { answerRuns } = await import('../follow/answer-runs.ts');
  const runs = await session.connect();
  const rows = await runs.list(options);
  await answerRuns(runs, rows, session);
  const isFiltered = options.runbook !== undefined || options.platform !== undefined;
  if (rows.length === 0)
    note(session, [isFiltered ? 'no such run is known' : 'no run is known yet']);
  return exitCodes.done;
}
