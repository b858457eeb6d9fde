import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunState } from '../../shared/run-state.ts';
import { exitOfErrorCode } from '../errors.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface StatusOptions {
  readonly run?: string | undefined;
  readonly limit: number;
}

const mostRuns = 500;

export function statusCommand(host: Host, work = status) {
  return new Command('status')
    .description(
      'Show the open runs, or where one run stands, and what keeps them from going on. ' +
        'Of one run: exits 8 when its workflow code fails, 9 when no worker is there.',
    )
    .argument('[run]', 'id of the run')
    .addHelpText('after', examples('runbook status', `runbook status -o json | jq -r '.[].run'`))
    .action((run) => host.perform(work, { run, limit: mostRuns }));
}

export async function status(options: StatusOptions, session: Session): Promise<ExitCode> {
  if (options.run !== undefined) return statusOfRun(options.run, session);
  const { answerRuns } = await import('../follow/answer-runs.ts');
  const runs = await session.connect();
  const rows = await runs.list({ open: true, limit: options.limit });
  await answerRuns(runs, rows, session);
  if (rows.length === 0) note(session, ['no run is going on; the ended ones: runbook history']);
  return exitCodes.done;
}

async function statusOfRun(run: string, session: Session): Promise<ExitCode> {
  const { standingOf } = await import('../follow/standing.ts');
  const { runFrame } = await import('../render/run-frame.ts');
  const { runTable } = await import('../render/run-table.ts');
  const { warnOfStandstills } = await import('../follow/answer-runs.ts');
  const standing = await standingOf(await session.connect(), run);
  const now = session.clock.now();
  if ('state' in standing) {
    respond(session, standing.state, (width, style) =>
      runFrame(standing.state, { width, style, now }),
    );
    await tellRetries(standing.state, session);
    return exitCodes.done;
  }
  const { row, trouble } = standing;
  respond(session, row, (width, style) => runTable([row], now, width, style));
  warnOfStandstills([row], session);
  return exitOfErrorCode(trouble.code);
}

const mostRetries = 100;

/** Whoever looks at an ended run wants to know that it was done again. */
async function tellRetries(
  { run, runbook, platform, endedAt }: RunState,
  session: Session,
): Promise<void> {
  if (endedAt === undefined) return;
  const runs = await session.connect();
  const later = await runs.list({ runbook, platform, limit: mostRetries });
  for (const row of later.filter(({ retryOf, plan }) => retryOf === run && !plan)) {
    note(session, [`retried by ${row.run} (${row.state})`]);
  }
}
