import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import {
  answer,
  answerJson,
  answerList,
  type ExitCode,
  type Host,
  note,
  type Session,
} from '../session.ts';

export interface StatusOptions {
  readonly run?: string | undefined;
  readonly limit: number;
}

const mostRuns = 500;

export function statusCommand(host: Host, work = status) {
  return new Command('status')
    .description('Show the open runs, or where one run stands.')
    .argument('[run]', 'id of the run')
    .addHelpText('after', '\nExample:\n  runbook status -o json | jq -r .[].run')
    .action((run) => host.perform(work, { run, limit: mostRuns }));
}

export async function status(options: StatusOptions, session: Session): Promise<ExitCode> {
  const runs = await session.connect();
  if (options.run !== undefined) return statusOfRun(options.run, session);
  const rows = await runs.list({ open: true, limit: options.limit });
  if (session.settings.output !== 'text') answerList(session, rows);
  else if (rows.length === 0) note(session, ['no run is going on']);
  else {
    const { runTable } = await import('../render/run-table.ts');
    const { stdout } = session.terminal;
    answer(session, runTable(rows, session.clock.now(), stdout.width(), stdout.style));
  }
  return exitCodes.done;
}

/** A run that has ended is shown from its report, so no worker is needed for it. */
async function statusOfRun(run: string, session: Session): Promise<ExitCode> {
  const { runFrame } = await import('../render/run-frame.ts');
  const { reportState } = await import('../render/report.ts');
  const { endedWithout } = await import('../follow/tell-end.ts');
  const runs = await session.connect();
  const end = (await runs.isOpen(run)) ? undefined : await runs.end(run);
  if (end !== undefined && end.report === undefined) throw endedWithout(run, end);
  const state = end === undefined ? await runs.state(run) : reportState(end.report);
  const { stdout } = session.terminal;
  if (session.settings.output !== 'text') answerJson(session, state);
  else {
    const frame = { width: stdout.width(), style: stdout.style, now: session.clock.now() };
    answer(session, runFrame(state, frame));
  }
  return exitCodes.done;
}
