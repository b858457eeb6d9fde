import type { ErrorFacts } from '../../shared/errors.ts';
import type { RunState } from '../../shared/run-state.ts';
import { factLines } from '../render/error.ts';
import type { Session } from '../session.ts';
import { jsonLinesView } from './json-lines-view.ts';
import { linesView } from './lines-view.ts';

/** How a watched run is shown while it goes on. */
export interface View {
  show(state: RunState): void;
  /** Nobody answers, or the run stands still; looking goes on. */
  away(error: ErrorFacts, run: string): void;
  back(run: string): void;
  /** What was drawn stays on the screen, unless what follows says it all again. */
  close(last: 'stays' | 'goes'): void;
}

/** How progress is shown; `events` are the lines of an answer as JSON lines, on stdout. */
export function progressOf({
  settings,
  terminal,
}: Pick<Session, 'settings' | 'terminal'>): 'live' | 'lines' | 'json' | 'none' | 'events' {
  const { output, progress, quiet } = settings;
  if (output === 'jsonl' && (progress === 'auto' || progress === 'json')) return 'events';
  if (quiet) return 'none';
  if (progress === 'auto') return terminal.canRedraw ? 'live' : 'lines';
  // Only a screen can be drawn on.
  return progress === 'live' && !terminal.stderr.isTTY ? 'lines' : progress;
}

export async function chooseView(
  session: Session,
  { exitOnPark }: { readonly exitOnPark: boolean },
): Promise<View> {
  switch (progressOf(session)) {
    case 'events':
      return jsonLinesView(session, session.terminal.stdout.stream);
    case 'json':
      return jsonLinesView(session, session.terminal.stderr.stream);
    case 'none':
      return quietView(session);
    case 'lines':
      return linesView(session, { exitOnPark });
    case 'live': {
      const { liveView } = await import('./live-view.ts');
      return liveView(session);
    }
  }
}

/** Quiet means no progress; that there can be none is not progress. */
function quietView({ terminal: { stderr } }: Session): View {
  return {
    show: () => {},
    away: (error, run) => {
      const lines = factLines('warning', error, { run }, stderr.width(), stderr.style);
      stderr.stream.write(`${lines.join('\n')}\n`);
    },
    back: () => {},
    close: () => {},
  };
}
