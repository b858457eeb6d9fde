import type { ParkEnd } from '../shared/run-state.ts';
import { formatStamp } from './time.ts';

const ends = { undo: 'undone', abort: 'ended as it is' } as const;

/** `undone at 2026-11-23 14:30:00 UTC`: what becomes of a parked step that nobody decides about. */
export const parkEndWords = ({ at, action }: ParkEnd): string =>
  `${ends[action]} at ${formatStamp(at)}`;
