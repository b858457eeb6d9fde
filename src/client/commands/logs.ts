import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { exampleRun, examples } from '../options.ts';
import { answer, answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';

export interface LogsOptions {
  readonly run: string;
  readonly step?: string | undefined;
}

export function logsCommand(host: Host, work = logs) {
  return new Command('logs')
    .description('Print what every attempt of the steps of a run printed; secrets are removed.')
    .argument('<run>', 'id of the run')
    .argument('[step]', 'only this step')
    .addHelpText('after', examples(`runbook logs ${exampleRun} start-postgres`))
    .action((run, step) => host.perform(work, { run, step }));
}

export async function logs({ run, step }: LogsOptions, session: Session): Promise<ExitCode> {
  const { logLines } = await import('../render/log.ts');
  const runs = await session.connect();
  await runs.requireWorker();
  const log = await runs.log(run, step);
  const { style } = session.terminal.stdout;
  if (session.settings.output === 'json') answerJson(session, log);
  else if (session.settings.output === 'jsonl') {
    for (const entry of log.entries) answerJson(session, entry);
  } else answer(session, logLines(log, style));
  if (log.entries.length === 0) note(session, ['nothing was printed']);
  if (log.truncated) {
    note(session, ['this is a part: the whole log stands on the host of the worker']);
  }
  return exitCodes.done;
}
