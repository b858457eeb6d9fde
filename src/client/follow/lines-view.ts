import type { RunState, StepRecord } from '../../shared/run-state.ts';
import { eventLines, eventsBetween, type RunEvent } from '../render/events.ts';
import { labelled } from '../render/text.ts';
import { isFinal } from '../render/words.ts';
import { note, type Session } from '../session.ts';
import type { View } from './view.ts';

/** A step that ends sooner is told once, with its end. */
const worthTellingMs = 1500;

/** One line with its time for everything that happens: for logs, pipes and CI. */
export function linesView(session: Session): View {
  const { clock, terminal } = session;
  const { style, isTTY } = terminal.stderr;
  let previous: RunState | undefined;
  // What reads a pipe goes by lines; only a screen has an edge.
  const width = () => (isTTY ? terminal.stderr.width() : Number.POSITIVE_INFINITY);
  const say = (text: string) =>
    note(session, labelled(`${clock.now().toISOString().slice(11, 19)}Z  `, text, width()));
  return {
    show(state) {
      const now = clock.now();
      if (previous === undefined) say(`run ${state.run}`);
      const shown = { ...state, steps: state.steps.filter((step) => isWorthTelling(step, now)) };
      const events = eventsBetween(previous, shown, now).filter(isNews);
      previous = structuredClone(shown);
      note(
        session,
        events.flatMap((event) => eventLines(seenAt(event, now), width(), style)),
      );
    },
    away: ({ what }) => say(`${what}; the run is durable, still looking`),
    back: () => say('answers again'),
    close: () => {},
  };
}

function isWorthTelling({ status, attempt, startedAt }: StepRecord, now: Date): boolean {
  const isYoung = now.getTime() - Date.parse(startedAt) < worthTellingMs;
  return !(status === 'running' && attempt <= 1 && isYoung);
}

/** A step that is told late has the time of the line, so that times never run backwards. */
function seenAt(event: RunEvent, now: Date): RunEvent {
  const isRunning = event.kind === 'step' && event.step.status === 'running';
  return isRunning ? { ...event, at: now.toISOString() } : event;
}

/** That a run begins is said by its id, and its end by the sentence that follows. */
function isNews(event: RunEvent): boolean {
  return event.kind === 'step' || !(event.state === 'resolving' || isFinal(event.state));
}
