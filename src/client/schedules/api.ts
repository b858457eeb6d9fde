import type { WantedSchedule } from './wanted.ts';

/** One start; what became of it is for `Runs.find` to say. */
export interface Firing {
  readonly run: string;
  /** When it was due. */
  readonly at: string;
}

/** A schedule as it is on the server. */
export interface ScheduleRow {
  readonly id: string;
  readonly runbook: string;
  /** Of the text that it was applied from; none when something else made it. */
  readonly digest?: string;
  readonly timezone: string;
  readonly paused: boolean;
  readonly note?: string;
  readonly next: readonly string[];
  /** Newest first. */
  readonly recent: readonly Firing[];
  readonly taken: number;
  /** Not started: the server was away for longer than the catch-up. */
  readonly missed: number;
  /** Not started: the run before was still going on. */
  readonly skipped: number;
}

/** The schedules on a Temporal server. Errors are those of `Runs`, and `RB_SCHEDULE_UNKNOWN`. */
export interface Schedules {
  list(platform?: string): Promise<readonly ScheduleRow[]>;
  find(id: string): Promise<ScheduleRow>;
  create(wanted: WantedSchedule): Promise<void>;
  update(wanted: WantedSchedule): Promise<void>;
  pause(id: string, note: string): Promise<void>;
  resume(id: string, note: string): Promise<void>;
  /** Starts a run now, whatever the overlap policy says. */
  trigger(id: string): Promise<void>;
  delete(id: string): Promise<void>;
}
