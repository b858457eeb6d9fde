import { type WallTime, wallTime, wallWords } from './wall-clock.ts';

export const windowDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type WindowDay = (typeof windowDays)[number];

/** When a platform may be changed, in the hours of one zone. */
export interface ChangeWindows {
  readonly timezone: string;
  readonly open: readonly ChangeWindow[];
}

interface ChangeWindow {
  readonly days: readonly WindowDay[];
  /** `22:00` */
  readonly from: string;
  /** Excluded; before `from` it is an hour of the next day. */
  readonly to: string;
}

/** Whether a platform may be changed at a moment; absent times mean that nothing opens within three weeks. */
export type WindowVerdict = { readonly open: true } | ({ readonly open: false } & NextWindow);

/** When the next window opens, as ISO 8601 and in words. */
export interface NextWindow {
  readonly opensAt?: string;
  readonly opens?: string;
}

const dayMinutes = 1440;
const minuteMs = 60_000;
/** Clocks are put forward and back at full quarters of an hour only. */
const quarterMs = 15 * minuteMs;
/** A window that lies in the hour which summer time takes away opens a week later. */
const horizonMs = 22 * dayMinutes * minuteMs;

/**
 * Whether a window is open at a moment: the clock on the wall decides. An hour that comes twice counts twice, one
 * that does not come does not open anything.
 */
export function openAt(windows: ChangeWindows, at: Date): boolean {
  return isOpen(windows, wallTime(at, windows.timezone));
}

/** What a run has to know; its workflow has neither a host's clock nor time zones, so it is told in words as well. */
export function verdictAt(windows: ChangeWindows, at: Date): WindowVerdict {
  if (openAt(windows, at)) return { open: true };
  const next = nextOpening(windows, at);
  if (next === undefined) return { open: false };
  const opens = wallWords(next, windows.timezone);
  return { open: false, opensAt: next.toISOString(), opens };
}

/** The first minute from `from` on in which a window is open; undefined when there is none within three weeks. */
export function nextOpening(windows: ChangeWindows, from: Date): Date | undefined {
  const starts = windows.open.map((window) => minuteOf(window.from));
  const end = from.getTime() + horizonMs;
  let at = Math.floor(from.getTime() / minuteMs) * minuteMs;
  while (at < end) {
    const time = wallTime(new Date(at), windows.timezone);
    if (isOpen(windows, time)) return new Date(Math.max(at, from.getTime()));
    // Nothing opens before the next hour that some window begins with, unless the clock is put to another.
    const toStart = Math.min(...starts.map((start) => minutesUntil(start, time.minute)));
    const toQuarter = quarterMs - (at % quarterMs);
    at += Math.min(toStart * minuteMs, toQuarter);
  }
  return undefined;
}

function isOpen({ open }: ChangeWindows, { weekday, minute }: WallTime): boolean {
  const today = dayName(weekday);
  const yesterday = dayName(weekday - 1);
  return open.some(({ days, ...hours }) => {
    const from = minuteOf(hours.from);
    const to = minuteOf(hours.to);
    if (from < to) return days.includes(today) && minute >= from && minute < to;
    return (days.includes(today) && minute >= from) || (days.includes(yesterday) && minute < to);
  });
}

const dayName = (weekday: number) => windowDays[(weekday + 6) % 7] as WindowDay;

/** Minutes of `HH:MM` since midnight; `24:00` is the end of the day. */
function minuteOf(hour: string): number {
  const [hours, minutes] = hour.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

const minutesUntil = (start: number, minute: number) =>
  ((start - minute + dayMinutes - 1) % dayMinutes) + 1;
