import { count } from '../../report/text.ts';
import { lateBy } from '../../report/time.ts';
import type { RunRow } from '../runs/api.ts';
import type { ScheduleRow } from '../schedules/api.ts';
import type { ScheduleChange } from '../schedules/apply.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A time as the schedule's zone has it; the zone stands behind it, for nobody's wall clock says it. */
function zonedTime(iso: string, timeZone: string): string {
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return `${time.format(new Date(iso))} ${timeZone}`;
}

export function scheduleTable(
  rows: readonly ScheduleRow[],
  width: number,
  style: Style,
): readonly string[] {
  return table(
    ['SCHEDULE', 'STATE', 'TAKEN', 'MISSED', 'SKIPPED', 'NEXT'],
    rows.map(({ id, paused, taken, missed, skipped, next: [next], timezone }) => [
      id,
      paused ? 'paused' : 'active',
      `${taken}`,
      `${missed}`,
      `${skipped}`,
      paused || next === undefined ? '-' : zonedTime(next, timezone),
    ]),
    width,
    style,
    // When it starts next is worth more than what it has counted.
    ['SCHEDULE', 'NEXT'],
  );
}

/** One schedule, and what became of its latest starts. */
export function scheduleFrame(
  row: ScheduleRow,
  recent: readonly RunRow[],
  width: number,
  style: Style,
): readonly string[] {
  const { id, runbook, paused, note, taken, missed, skipped } = row;
  const state = paused ? 'paused' : 'active';
  return [
    `${id}  ${style.faint(`starts ${runbook}`)}`,
    `  state    ${state}${note ? `: ${note}` : ''}`,
    ...(paused ? [] : row.next.map((at, n) => nextLine(at, n, row))),
    `  starts   ${taken} taken`,
    `           ${missed} missed: the server was away for longer than the catch-up`,
    `           ${skipped} skipped: the run before was still going on`,
    ...(recent.length === 0
      ? []
      : [
          '',
          ...table(
            // The id says when it was due; with a column more it would be cut at 80.
            ['RUN', 'STATE', 'LATE'],
            recent.map(({ run, state: became, startedAt }) => [
              run,
              became,
              lateBy(row.recent.find((firing) => firing.run === run)?.at, startedAt) ?? '-',
            ]),
            width,
            style,
            ['RUN'],
          ),
        ]),
  ];
}

const nextLine = (at: string, n: number, { timezone }: ScheduleRow) =>
  `  ${n === 0 ? 'next    ' : '        '} ${zonedTime(at, timezone)}`;

export function changeLines(changes: readonly ScheduleChange[], style: Style): readonly string[] {
  return changes.map((change) => {
    if (change.action === 'delete') {
      return `${style.caution('- delete')}     ${change.row.id}`;
    }
    const { id, runbook, cron, timezone } = change.wanted;
    const words = { create: '+ create', update: '~ update', unchanged: '= unchanged' } as const;
    const word = words[change.action].padEnd(12);
    return `${change.action === 'unchanged' ? word : style.caution(word)} ${id}  ${runbook} at ${cron} ${timezone}`;
  });
}

export function changeSummary(changes: readonly ScheduleChange[]): string {
  const changed = changes.filter(({ action }) => action !== 'unchanged').length;
  return changed === 0 ? 'nothing to change' : `${count(changed, 'change')}`;
}
