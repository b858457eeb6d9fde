import type { RunReport } from '../../shared/report.ts';
import { instant } from '../time.ts';

/** Where times lie on the timeline, in percent of its width, so that it fits every screen. */
export interface TimeScale {
  readonly startMs: number;
  readonly totalMs: number;
  readonly ticks: readonly Tick[];
  percent(iso: string | undefined): number | undefined;
}

export interface Tick {
  readonly percent: number;
  readonly label: string;
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const units: ReadonlyArray<readonly [number, string, readonly number[]]> = [
  [day, 'd', [1, 2, 5, 10, 20, 50, 100]],
  [hour, 'h', [1, 2, 3, 6, 12]],
  [minute, 'min', [1, 2, 5, 10, 20, 30]],
  [second, 's', [1, 2, 5, 10, 20, 30]],
  [1, 'ms', [1, 2, 5, 10, 20, 50, 100, 200, 500]],
];
const intervals = units
  .flatMap(([unitMs, unit, factors]) => factors.map((n) => ({ ms: n * unitMs, unitMs, unit })))
  .sort((a, b) => a.ms - b.ms);

/** More would run into each other on a phone. */
const maxIntervals = 5;

export function timeScale(report: RunReport): TimeScale {
  const times = [report.startedAt, report.endedAt]
    .concat(report.steps.flatMap((step) => [step.startedAt, step.endedAt ?? step.startedAt]))
    .concat(report.decisions.map(({ at }) => at))
    .map(instant)
    .filter((ms) => ms !== undefined);
  const startMs = Math.min(...times, Number.POSITIVE_INFINITY);
  const totalMs = times.length === 0 ? 1 : Math.max(1, Math.max(...times) - startMs);
  return {
    startMs: times.length === 0 ? 0 : startMs,
    totalMs,
    ticks: ticks(totalMs),
    percent(iso) {
      const ms = instant(iso);
      return ms === undefined ? undefined : ((ms - startMs) / totalMs) * 100;
    },
  };
}

/** Ticks at round distances from the start, at most six with the one at zero. */
export function ticks(totalMs: number): readonly Tick[] {
  const interval = intervals.find(({ ms }) => totalMs / ms <= maxIntervals) ?? intervals.at(-1);
  if (!interval) return [];
  const n = Math.min(maxIntervals, Math.floor(totalMs / interval.ms));
  return Array.from({ length: n + 1 }, (_, i) => ({
    percent: ((i * interval.ms) / totalMs) * 100,
    label: i === 0 ? '0' : `${(i * interval.ms) / interval.unitMs} ${interval.unit}`,
  }));
}
