import { CommandError } from '../errors.ts';
import { runLink } from '../local/run-link.ts';
import { hasTrouble } from '../render/failure.ts';
import { resultLines, troubleLines } from '../render/report.ts';
import type { EndWithoutReport, RunEnd, Runs } from '../runs/api.ts';
import { exitCodeOfEnd } from '../runs/outcome.ts';
import { answer, answerJson, type ExitCode, note, type Session } from '../session.ts';
import { progressOf } from './view.ts';

/** Says what became of a run, in lines on stderr or as its report on stdout. */
export async function tellEnd(
  runs: Pick<Runs, 'address' | 'namespace'>,
  run: string,
  end: RunEnd,
  session: Session,
): Promise<ExitCode> {
  if (end.report === undefined) throw endedWithout(run, end);
  const { report } = end;
  if (session.settings.output !== 'text') answerJson(session, report);
  const { stderr } = session.terminal;
  const isGood = report.outcome === 'succeeded' || report.outcome === 'planned';
  // A frame that was drawn in place shows which steps went wrong already.
  const isTold = report.steps.some(hasTrouble) && progressOf(session) === 'live';
  const link = await runLink(runs, run, session.env);
  const lines = [
    ...(isTold ? [] : troubleLines(report, stderr.width(), stderr.style)),
    '',
    ...resultLines(report, link, stderr.width(), stderr.style),
  ];
  // Quiet means no progress; that a run did not succeed is not progress.
  tellScript(run, report.outcome, session);
  if (isGood) note(session, lines);
  else stderr.stream.write(`${lines.join('\n')}\n`);
  return exitCodeOfEnd(end);
}

/** Quiet leaves scripts the one line that they need: which run it is, and what became of it. */
export function tellScript(run: string, state: string, session: Session): void {
  const { quiet, output } = session.settings;
  if (quiet && output === 'text') answer(session, [`${run} ${state}`]);
}

export function endedWithout(run: string, { error, how }: EndWithoutReport) {
  return new CommandError(error.code, error.what, {
    why: error.why ?? `the run ${how} without a report`,
    fix: error.fix ?? `runbook logs ${run}`,
    context: { run },
  });
}
