import type { RunState } from '../../shared/run-state.ts';
import { eventsBetween } from '../render/events.ts';
import type { Session } from '../session.ts';
import type { OutputStream } from '../terminal.ts';
import type { View } from './view.ts';

/** Every event as one JSON line: on stdout before the report, or on stderr beside it. */
export function jsonLinesView({ clock }: Pick<Session, 'clock'>, stream: OutputStream): View {
  const at = () => clock.now().toISOString();
  const tell = (event: object) => void stream.write(`${JSON.stringify(event)}\n`);
  let previous: RunState | undefined;
  return {
    show(state) {
      for (const event of eventsBetween(previous, state, clock.now())) tell(event);
      previous = structuredClone(state);
    },
    away: (error, run) => tell({ kind: 'away', at: at(), run, error }),
    back: (run) => tell({ kind: 'back', at: at(), run }),
    close: () => {},
  };
}
