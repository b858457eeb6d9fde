import { formatDuration } from '../../report/time.ts';
import type { RunRow } from '../runs/api.ts';
import { failingCode } from '../runs/failing-task.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** Runs as a table; the id comes first and is never cut. */
export function runTable(
  rows: readonly RunRow[],
  now: Date,
  width: number,
  style: Style,
): string[] {
  return table(
    ['RUN', 'STATE', 'AGE', 'TOOK', 'STEP'],
    rows.map((row) => [
      row.run,
      stateCell(row),
      age(row, now),
      took(row, now),
      row.open ? row.step : retryCell(row, rows),
    ]),
    width,
    style,
    ['RUN'],
  );
}

/** Of a run that has ended: which one it did again, and which one did it again. */
function retryCell({ run, retryOf }: RunRow, rows: readonly RunRow[]): string {
  const retries = rows.filter((row) => row.retryOf === run && !row.plan).map((row) => row.run);
  return [
    ...(retryOf === undefined ? [] : [`retry of ${retryOf}`]),
    ...(retries.length === 0 ? [] : [`retried by ${retries.join(', ')}`]),
  ].join(', ');
}

/** Without a worker no run goes on: that is said below the table, not in every line. */
function stateCell({ state, plan, trouble }: RunRow): string {
  const word = trouble?.code === failingCode ? 'failing' : state;
  return plan && state !== 'planned' ? `${word} (plan)` : word;
}

function age({ startedAt }: RunRow, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(startedAt)) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

function took({ startedAt, endedAt }: RunRow, now: Date): string {
  const end = endedAt === undefined ? now.getTime() : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}
