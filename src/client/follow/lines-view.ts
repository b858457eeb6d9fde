import { lockWaitedFor } from '../../shared/lock-waited-for.ts';
import type { RunState, StepRecord } from '../../shared/run-state.ts';
import { factLines } from '../render/error.ts';
import { eventLines, eventsBetween, inOrder, type RunEvent, timeLabel } from '../render/events.ts';
import { labelled } from '../render/text.ts';
import { personLines, waitsForPerson } from '../render/waits-for-person.ts';
import { isFinal } from '../render/words.ts';
import { note, type Session } from '../session.ts';
import type { View } from './view.ts';

/** A step that ends sooner is told once, with its end. */
const worthTellingMs = 1500;

/** One line with its time for everything that happens: for logs, pipes and CI. */
export function linesView(
  session: Session,
  { exitOnPark }: { readonly exitOnPark: boolean },
): View {
  const { clock, terminal } = session;
  const { style, isTTY } = terminal.stderr;
  let previous: RunState | undefined;
  let waitedFor = '';
  // What reads a pipe goes by lines; only a screen has an edge.
  const width = () => (isTTY ? terminal.stderr.width() : Number.POSITIVE_INFINITY);
  const say = (text: string, at = clock.now().toISOString()) =>
    note(session, labelled(timeLabel(at), text, width()));
  return {
    show(state) {
      const now = clock.now();
      if (previous === undefined) say(`run ${state.run}`, state.startedAt);
      const shown = worthTelling(state, now);
      const wasWaiting = previous !== undefined && previous.state !== 'resolving';
      const events = eventsBetween(previous, shown, now).filter((event) =>
        isNews(event, wasWaiting),
      );
      previous = structuredClone(shown);
      note(
        session,
        inOrder(events.map((event) => seenAt(event, now))).flatMap((event) =>
          eventLines(event, width(), style),
        ),
      );
      // Whoever leaves says it with the last words.
      if (exitOnPark) return;
      const waitsFor = waitsForPerson(state) ? idsOf(state) : '';
      if (waitsFor !== '' && waitsFor !== waitedFor) {
        note(session, personLines(state, width(), style));
      }
      waitedFor = waitsFor;
    },
    away: (error, run) => {
      const time = timeLabel(clock.now().toISOString());
      const [first = '', ...rest] = factLines(
        'warning',
        error,
        { run },
        width() - time.length,
        style,
      );
      const below = [...rest, '  the run is durable: still looking'];
      note(session, [time + first, ...below.map((line) => ' '.repeat(time.length) + line)]);
    },
    back: () => say('the run answers again'),
    close: () => {},
  };
}

/** Which parked attempts and open gates wait: another one of the same step is told again. */
const idsOf = ({ steps, gates = [] }: RunState): string =>
  [
    ...steps
      .filter(({ status }) => status === 'parked')
      .map(({ id, attempt }) => `${id} ${attempt}`),
    ...gates
      .filter(({ status }) => status === 'open')
      .map(({ id, openings }) => `${id} ${openings}`),
  ].join('\n');

/** The steps of a plan stand in the plan that follows, unless one fails and there is none. */
function worthTelling(state: RunState, now: Date): RunState {
  const isPlanning = state.plan || state.state === 'planning';
  // Every run asks for its lock; only a lock that another one has makes it wait.
  const asksForLock = state.state === 'waiting-for-lock' && !lockWaitedFor(state)?.heldBy.length;
  return {
    ...state,
    state: asksForLock ? 'resolving' : state.state,
    steps: state.steps.filter((step) =>
      isPlanning ? step.status === 'failed' : !isYoung(step, now),
    ),
  };
}

function isYoung({ status, attempt, startedAt }: StepRecord, now: Date): boolean {
  const age = now.getTime() - Date.parse(startedAt);
  return status === 'running' && attempt <= 1 && age < worthTellingMs;
}

/** A step that is told late has the time of the line, so that times never run backwards. */
function seenAt(event: RunEvent, now: Date): RunEvent {
  const isRunning = event.kind === 'step' && event.step.status === 'running';
  return isRunning ? { ...event, at: now.toISOString() } : event;
}

/** That a run begins is said by its id, and its end by the sentence that follows. */
function isNews(event: RunEvent, wasWaiting: boolean): boolean {
  if (event.kind !== 'run') return true;
  if (event.state === 'running') return wasWaiting;
  return event.state !== 'resolving' && !isFinal(event.state);
}
