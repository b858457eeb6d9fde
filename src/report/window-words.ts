import type { OutsideWindow } from '../shared/run-state.ts';

/** That no change window is open: why the run goes on all the same, or when the next opens. */
export function windowWords({ reason, opens }: OutsideWindow): string {
  if (reason !== undefined) return `Outside the change windows: ${reason}`;
  const next = opens === undefined ? 'none opens within three weeks' : `the next opens ${opens}`;
  return `The change windows are closed; ${next}`;
}
