import type { Phase } from './step-context.ts';

export interface LogRequest {
  readonly run: string;
  /** The first run id of the workflow. */
  readonly execution: string;
  readonly step?: string;
}

/** What one attempt printed, redacted. */
export interface LogEntry {
  readonly step: string;
  readonly attempt: number;
  readonly phase: Phase;
  /** When the attempt started, ISO 8601. */
  readonly at: string;
  readonly text: string;
}

export interface RunLog {
  readonly entries: readonly LogEntry[];
  /** Some of the output did not fit into the answer; the whole stands on the worker's host. */
  readonly truncated: boolean;
}
