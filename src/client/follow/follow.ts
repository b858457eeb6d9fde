import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunState } from '../../shared/run-state.ts';
import { CommandError } from '../errors.ts';
import { reportState } from '../render/report.ts';
import { shellWord } from '../render/text.ts';
import { personLines, waitsForPerson } from '../render/waits-for-person.ts';
import type { RunEnd, Runs } from '../runs/api.ts';
import { observe } from '../runs/observe.ts';
import { answerJson, type ExitCode, note, type Session } from '../session.ts';
import { tellScript } from './tell-end.ts';
import { chooseView, type View } from './view.ts';

export interface FollowOptions {
  /** Leave when a person has to decide; the default where nobody looks. */
  readonly exitOnPark: boolean;
  readonly timeoutMs?: number | undefined;
}

/** How watching ended: the run did, or the watcher left before it. */
export type Followed = RunEnd | { readonly left: ExitCode };

/** Watches a run to its end, or until it parks, Ctrl-C is pressed or the time is over. */
export async function follow(
  runs: Runs,
  run: string,
  session: Session,
  options: FollowOptions,
): Promise<Followed> {
  const interrupted = session.interrupted();
  const late = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const leave = late === undefined ? interrupted : AbortSignal.any([interrupted, late]);
  const view = await chooseView(session, options);
  let closed = false;
  const close = (last: 'stays' | 'goes') => {
    if (!closed) view.close(last);
    closed = true;
  };
  try {
    const seen = await look(runs, run, session, view, { leave, exitOnPark: options.exitOnPark });
    close(isPlanned(seen) ? 'goes' : 'stays');
    if (seen !== undefined && 'parked' in seen) return tellParked(seen.parked, session);
    if (seen !== undefined) return seen;
    if (late?.aborted === true && !interrupted.aborted) throw watchTimeout(run);
    return tellDetached(run, session);
  } finally {
    close('stays');
  }
}

/** The plan itself follows, with every step. */
function isPlanned(seen: Awaited<ReturnType<typeof look>>): boolean {
  return seen !== undefined && 'report' in seen && seen.report?.outcome === 'planned';
}

interface LookOptions {
  readonly leave: AbortSignal;
  readonly exitOnPark: boolean;
}

/** Undefined when it had to leave. */
async function look(
  runs: Runs,
  run: string,
  { clock }: Session,
  view: View,
  { leave, exitOnPark }: LookOptions,
): Promise<RunEnd | { readonly parked: RunState } | undefined> {
  const observations = observe(runs, run, clock, leave);
  // A call that waits for an absent worker must not hold up Ctrl-C.
  const left = aborted(leave);
  for (;;) {
    const next = await Promise.race([observations.next(), left]);
    if (next === undefined || next.done === true) return undefined;
    const seen = next.value;
    if (seen.kind === 'away') view.away(seen.error, run);
    else if (seen.kind === 'back') view.back(run);
    else if (seen.kind === 'state') {
      view.show(seen.state);
      if (exitOnPark && waitsForPerson(seen.state)) return { parked: seen.state };
    } else {
      if (seen.end.report !== undefined) view.show(reportState(seen.end.report));
      return seen.end;
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function tellParked(state: RunState, session: Session): Followed {
  const { stderr } = session.terminal;
  note(session, personLines(state, stderr.width(), stderr.style));
  tellScript(state.run, state.state, session);
  if (session.settings.output !== 'text') answerJson(session, state);
  return { left: exitCodes.unfinished };
}

function tellDetached(run: string, session: Session): Followed {
  const id = shellWord(run);
  note(session, [`run ${run} continues`, `runbook watch ${id} · runbook stop ${id} --why TEXT`]);
  return { left: exitCodes.detached };
}

function watchTimeout(run: string): CommandError {
  return new CommandError('RB_WATCH_TIMEOUT', `the run has not ended in the time of --timeout`, {
    why: 'only watching has stopped: the run goes on',
    fix: `runbook watch ${shellWord(run)}`,
    context: { run },
  });
}
