import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { CommandError } from '../errors.ts';
import { exampleRun, examples } from '../options.ts';
import { shellWord } from '../render/text.ts';
import type { Runs } from '../runs/api.ts';
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
  const { namingFiles } = await import('../local/kept-files.ts');
  const runs = await namingFiles(run, 'logs', session, () => session.connect());
  await runs.requireWorker();
  const log = await runs.log(run, step);
  if (step !== undefined && log.entries.length === 0) await requireStep(runs, run, step);
  const { style } = session.terminal.stdout;
  if (session.settings.output === 'json') answerJson(session, log);
  else if (session.settings.output === 'jsonl') {
    for (const entry of log.entries) answerJson(session, entry);
  } else answer(session, logLines(log, style));
  if (log.entries.length === 0) note(session, [`${step ?? run} printed nothing`]);
  if (log.truncated) {
    note(session, ['this is a part: the whole log stands on the host of the worker']);
  }
  return exitCodes.done;
}

/** A step that printed nothing is an answer; one that the run does not have is a slip. */
async function requireStep(runs: Runs, run: string, step: string): Promise<void> {
  const { standingOf } = await import('../follow/standing.ts');
  const { nearest } = await import('../../shared/nearest.ts');
  const standing = await standingOf(runs, run);
  if (!('state' in standing)) return;
  const ids = standing.state.steps.map(({ id }) => id);
  if (ids.includes(step)) return;
  const suggestion = nearest(step, ids);
  throw new CommandError('RB_STEP_UNKNOWN', `the run has no step ${step}`, {
    why:
      suggestion === undefined
        ? `its steps are: ${ids.join(', ') || 'none yet'}`
        : `did you mean "${suggestion}"?`,
    fix: `runbook logs ${shellWord(run)}${suggestion === undefined ? '' : ` ${shellWord(suggestion)}`}`,
    context: { run },
  });
}
