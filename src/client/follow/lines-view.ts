import type { RunState } from '../../shared/run-state.ts';
import { eventLines, eventsBetween, type RunEvent } from '../render/events.ts';
import { labelled } from '../render/text.ts';
import { note, type Session } from '../session.ts';
import type { View } from './view.ts';

/** One line with its time for everything that happens: for logs, pipes and CI. */
export function linesView(session: Session): View {
  const { clock, terminal } = session;
  const { style } = terminal.stderr;
  let previous: RunState | undefined;
  const width = () => terminal.stderr.width();
  const say = (text: string) =>
    note(session, labelled(`${clock.now().toISOString().slice(11, 19)}Z  `, text, width()));
  return {
    show(state) {
      if (previous === undefined) say(`run ${state.run}`);
      const events = eventsBetween(previous, state, clock.now());
      previous = structuredClone(state);
      note(
        session,
        events.flatMap((event: RunEvent) => eventLines(event, width(), style)),
      );
    },
    away: ({ what }) => say(`${what}; the run is durable, still looking`),
    back: () => say('answers again'),
    close: () => {},
  };
}
