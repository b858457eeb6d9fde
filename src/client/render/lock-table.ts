import { formatDuration } from '../../report/time.ts';
import type { LockAsker, LockBook } from '../../shared/lock.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** Each lock with its holders first and then those who wait, in their order. */
export function lockTable(
  books: readonly LockBook[],
  now: Date,
  width: number,
  style: Style,
): string[] {
  const row = (key: string, place: string, { workflowId, mode, at }: LockAsker) => [
    key,
    place,
    mode,
    formatDuration(Math.max(0, now.getTime() - Date.parse(at))),
    workflowId,
  ];
  const rows = books.flatMap(({ key, holders, queue }) => [
    ...holders.map((holder) => row(key, 'holds', holder)),
    ...queue.map((asker, index) => row(key, `waits ${index + 1}`, asker)),
  ]);
  return table(['LOCK', 'PLACE', 'MODE', 'SINCE', 'RUN'], rows, width, style, ['LOCK', 'RUN']);
}
