import { errorFacts } from '../../shared/errors.ts';
import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunReport } from '../../shared/report.ts';
import type { SweepOptions } from '../commands/sweep.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { factLines } from '../render/error.ts';
import { leftoverLines, leftoverSummary } from '../render/leftovers.ts';
import { shellWord } from '../render/text.ts';
import type { RunRow, Runs } from '../runs/api.ts';
import { failingCode } from '../runs/failing-task.ts';
import { goneRuns } from '../runs/gone.ts';
import { exitCodeOfReport } from '../runs/outcome.ts';
import { isGone } from '../runs/row.ts';
import { sweepRefused } from '../runs/sweep.ts';
import { type ExitCode, note, respond, type Session, warn } from '../session.ts';
import { notConfirmed } from './approval.ts';
import { follow } from './follow.ts';
import { type Leftovers, leftoversOf } from './leftovers.ts';
import { endedWithout, tellEnd } from './tell-end.ts';

/** Finds what gone runs left, shows it, asks, and undoes it, the latest run first. */
export async function sweepRuns(options: SweepOptions, session: Session): Promise<ExitCode> {
  const runs = await session.connect();
  const rows = await chosen(runs, options);
  if (rows.length === 0) return nothingLeft(options, session);
  await runs.requireWorker();
  const found: Leftovers[] = [];
  let refusals = 0;
  for (const row of rows) {
    try {
      found.push(await look(runs, row));
    } catch (error) {
      // One that cannot be swept does not keep the others from it.
      const isRefused = error instanceof CommandError && error.code === 'RB_SWEEP_REFUSED';
      if (options.run !== undefined || !isRefused) throw error;
      warnOf(error, row.run, session);
      refusals += 1;
    }
  }
  const refused = refusals > 0 ? exitCodes.refused : exitCodes.done;
  if (found.length === 0) return refused;
  show(found, session);
  if (!options.yes) await approve(found, session);
  return worse(refused, await sweepAll(runs, found, options, session));
}

async function chosen(runs: Runs, { run, platform }: SweepOptions): Promise<readonly RunRow[]> {
  if (run === undefined) return goneRuns(runs, platform);
  const row = await runs.find(run);
  if (row.open) {
    const fix = `runbook stop ${shellWord(run)} --undo --why TEXT`;
    throw sweepRefused(run, `it is still open (${row.state})`, fix);
  }
  return isGone(row) ? [row] : [];
}

function nothingLeft({ run }: SweepOptions, session: Session): ExitCode {
  respond(session, [], () => []);
  note(session, [
    run === undefined
      ? 'nothing to sweep: no run was ended in the middle from outside'
      : `nothing to sweep: ${run} came to its own end`,
  ]);
  return exitCodes.done;
}

/** The run is asked, as it was when it was ended: a worker whose code cannot say that could not sweep it. */
async function look(runs: Runs, row: RunRow): Promise<Leftovers> {
  try {
    return leftoversOf(row, await runs.state(row.run));
  } catch (error) {
    const { code, what, why = '' } = errorFacts(error);
    if (code !== failingCode) throw error;
    throw sweepRefused(
      row.run,
      `${what}: ${why}`,
      `sweep it with a worker of the version that the run began with; or runbook retry ${shellWord(row.run)}`,
    );
  }
}

function show(found: readonly Leftovers[], session: Session): void {
  const { stderr } = session.terminal;
  const [width, style] = [stderr.width(), stderr.style];
  const lines = found.flatMap((left) => ['', ...leftoverLines(left, width, style)]);
  note(session, [...lines, '', leftoverSummary(found)]);
}

async function approve(found: readonly Leftovers[], session: Session): Promise<void> {
  if (!session.terminal.canAsk) {
    throw new CommandError('RB_CONFIRMATION_NEEDED', 'this sweep needs a confirmation', {
      why: 'it undoes what the runs above did, and there is nobody to ask here',
      fix: 'give --yes to undo it without asking',
      context: { changed: false },
    });
  }
  const { askYesNo } = await import('./ask.ts');
  const platforms = [...new Set(found.map(({ row }) => row.platform))].join(', ');
  if (!(await askYesNo(`Undo this on ${platforms}?`, session))) throw notConfirmed();
}

async function sweepAll(
  runs: Runs,
  found: readonly Leftovers[],
  { why, by = operator(), timeoutMs }: SweepOptions,
  session: Session,
): Promise<ExitCode> {
  const reports: RunReport[] = [];
  let worst: ExitCode = exitCodes.done;
  for (const { row, undo, keeps, stuck } of found) {
    const answer = await runs.sweep(row.run, { by, why });
    const didNothing = undo.length + keeps.length + stuck.length === 0;
    if (answer !== 'revived' && didNothing) continue;
    if (answer !== 'revived') {
      tellNotSwept(row.run, answer, session);
      worst = worse(worst, exitCodes.refused);
      continue;
    }
    const end = await follow(runs, row.run, session, { exitOnPark: true, timeoutMs });
    if ('left' in end) return end.left;
    if (end.report === undefined) throw endedWithout(row.run, end);
    reports.push(end.report);
    if (session.settings.output === 'text') await tellEnd(runs, row.run, end, session);
    worst = worse(worst, exitCodeOfSweep(end.report));
  }
  if (session.settings.output !== 'text') respond(session, reports, () => []);
  return worst;
}

/** What a sweep is for has been reached when nothing of the run is left, whatever the run itself came to. */
function exitCodeOfSweep(report: RunReport): ExitCode {
  const isBack = ['stopped', 'undone'].includes(report.outcome) && !report.changed;
  return isBack ? exitCodes.done : exitCodeOfReport(report);
}

const worse = (a: ExitCode, b: ExitCode): ExitCode => (b > a ? b : a);

const reasons = {
  'nothing-kept': {
    why: 'nothing is kept of it on the host of the worker, and an undo needs what it had pinned',
    fix: 'sweep it where its worker had its state directory; or deploy, which goes on from what is there',
  },
  'never-began': {
    why: 'no worker had taken it up, so it has done nothing',
    fix: 'none is needed',
  },
} as const;

/** The others are swept all the same. */
function tellNotSwept(run: string, answer: keyof typeof reasons, session: Session): void {
  warnOf(sweepRefused(run, reasons[answer].why, reasons[answer].fix), run, session);
}

function warnOf(error: CommandError, run: string, session: Session): void {
  const { stderr } = session.terminal;
  warn(session, factLines('warning', errorFacts(error), { run }, stderr.width(), stderr.style));
}
