// This file is part of the workflow bundle: it stands apart from shared/duration.ts, whose zod schema would
// triple the bundle.

const pad = (n: number) => String(n).padStart(2, '0');

/** A duration for people: `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`, `3 d 04 h`. */
export function formatDuration(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (Math.round(ms) < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  if (seconds < 3600) return `${minutes} min ${pad(seconds % 60)} s`;
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** Milliseconds since 1970 of an ISO time, or nothing for what is absent or not a time. */
export function instant(iso: string | undefined): number | undefined {
  const ms = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Milliseconds from one time to the other; nothing when either is unknown. */
export function elapsedMs(from: string | undefined, to: string | undefined): number | undefined {
  const [start, end] = [instant(from), instant(to)];
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}

/** The server starts what is due within seconds; more than that has been an absence. */
const lateMs = 10_000;

/** By how much a run came later than its schedule wanted, `4 min 05 s`; nothing when it was in time. */
export function lateBy(scheduledFor: string | undefined, startedAt: string): string | undefined {
  const ms = elapsedMs(scheduledFor, startedAt) ?? 0;
  return ms < lateMs ? undefined : formatDuration(ms);
}

/** `2026-11-23 14:03:07 UTC`: a page without scripts cannot know the reader's zone. */
export function formatStamp(iso: string): string {
  const ms = instant(iso);
  if (ms === undefined) return iso;
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `14:03:07`, for columns whose date and zone are said elsewhere. */
export function formatClock(iso: string): string {
  const ms = instant(iso);
  return ms === undefined ? iso : new Date(ms).toISOString().slice(11, 19);
}
