import type { RunState } from '../shared/run-state.ts';
import { elapsedMs, formatDuration } from './time.ts';

type Parked = Pick<RunState, 'parks'>;

/** How long a run did nothing but wait for a decision; `now` ends a park that is still open. */
export function parkedMs({ parks = [] }: Parked, now: string | undefined): number {
  return parks.reduce((sum, { from, to }) => sum + (elapsedMs(from, to ?? now) ?? 0), 0);
}

/** Less than a second is no wait that anybody asks about. */
const worthTellingMs = 1000;

/** `of it 3 min 00 s parked`, or nothing. */
export function parkedWords(ms: number): string | undefined {
  return ms < worthTellingMs ? undefined : `of it ${formatDuration(ms)} parked`;
}
