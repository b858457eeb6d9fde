import { formatDuration } from '../../report/time.ts';
import type { RunState } from '../../shared/run-state.ts';
import type { Waiting } from '../../shared/waiting.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

/** `waiting for web: starting, health check 3 of 30 failed: connection refused` */
export const waitingWords = (waiting: Waiting): string => `waiting for ${waiting.for}`;

/** Whole, and since when and how long at most: the line of a step has no room for it. */
export function waitingBlock(
  { steps }: Pick<RunState, 'steps'>,
  width: number,
  now: Date,
  style: Style,
): string[] {
  const lines = steps.flatMap(({ id, waiting }) => {
    if (waiting === undefined) return [];
    const waited = formatDuration(Math.max(0, now.getTime() - Date.parse(waiting.since)));
    const time = `${waited} of at most ${formatDuration(waiting.timeoutMs)}`;
    return labelled('  waits ', `${id}, ${time}, for ${waiting.for}`, width).map(style.caution);
  });
  return lines.length === 0 ? [] : ['', ...lines];
}
