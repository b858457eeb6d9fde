import type { RunState } from '../../shared/run-state.ts';
import { eventsBetween } from '../render/events.ts';
import { answerJson, type Session } from '../session.ts';
import type { View } from './view.ts';

/** Every event as one JSON line on stdout; the report comes last. */
export function jsonLinesView(session: Session): View {
  const at = () => session.clock.now().toISOString();
  let previous: RunState | undefined;
  return {
    show(state) {
      for (const event of eventsBetween(previous, state, session.clock.now())) {
        answerJson(session, event);
      }
      previous = structuredClone(state);
    },
    away: (error, run) => answerJson(session, { kind: 'away', at: at(), run, error }),
    back: (run) => answerJson(session, { kind: 'back', at: at(), run }),
    close: () => {},
  };
}
