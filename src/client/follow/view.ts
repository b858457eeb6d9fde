import type { ErrorFacts } from '../../shared/errors.ts';
import type { RunState } from '../../shared/run-state.ts';
import type { Session } from '../session.ts';
import { jsonLinesView } from './json-lines-view.ts';
import { linesView } from './lines-view.ts';

/** How a watched run is shown while it goes on. */
export interface View {
  show(state: RunState): void;
  /** The other side does not answer; looking goes on. */
  away(error: ErrorFacts): void;
  back(): void;
  /** What was drawn stays on the screen, unless what follows says it all again. */
  close(last: 'stays' | 'goes'): void;
}

export async function chooseView(session: Session): Promise<View> {
  const { settings, terminal } = session;
  if (settings.output === 'jsonl') return jsonLinesView(session);
  if (settings.quiet) return silentView;
  if (!terminal.canRedraw) return linesView(session);
  const { liveView } = await import('./live-view.ts');
  return liveView(session);
}

const silentView: View = { show: () => {}, away: () => {}, back: () => {}, close: () => {} };
