import type { PlatformFile } from '../../shared/platform-file.ts';
import type { ScheduleRow, Schedules } from './api.ts';
import { type WantedSchedule, wantedSchedule } from './wanted.ts';

/** What applying the files would do to one schedule. */
export type ScheduleChange =
  | { readonly action: 'create' | 'update' | 'unchanged'; readonly wanted: WantedSchedule }
  /** It was applied from a file once, and the file has it no more. */
  | { readonly action: 'delete'; readonly row: ScheduleRow };

/** Compares the files with the server. What something else made under other names stays out of it. */
export async function scheduleChanges(
  platforms: readonly PlatformFile[],
  schedules: Schedules,
): Promise<readonly ScheduleChange[]> {
  const changes = platforms.map(async (platform) => {
    const rows = new Map((await schedules.list(platform.name)).map((row) => [row.id, row]));
    const wanted = Object.entries(platform.schedules).map(([name, schedule]) =>
      wantedSchedule(platform, name, schedule),
    );
    const kept = new Set(wanted.map(({ id }) => id));
    const gone = [...rows.values()].filter((row) => row.digest !== undefined && !kept.has(row.id));
    return [
      ...wanted.map((one): ScheduleChange => ({ action: actionFor(one, rows), wanted: one })),
      ...gone.map((row): ScheduleChange => ({ action: 'delete', row })),
    ];
  });
  return (await Promise.all(changes)).flat();
}

function actionFor({ id, digest }: WantedSchedule, rows: ReadonlyMap<string, ScheduleRow>) {
  const row = rows.get(id);
  if (row === undefined) return 'create';
  return row.digest === digest ? 'unchanged' : 'update';
}

/** One after the other; applying again goes on where it stopped. */
export async function applyChanges(
  changes: readonly ScheduleChange[],
  schedules: Schedules,
): Promise<void> {
  for (const change of changes) {
    if (change.action === 'create') await schedules.create(change.wanted);
    if (change.action === 'update') await schedules.update(change.wanted);
    if (change.action === 'delete') await schedules.delete(change.row.id);
  }
}
