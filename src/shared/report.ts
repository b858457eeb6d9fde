import type { Outcome, RunState } from './run-state.ts';

/** One line of a plan: what is true, what would change, whether it can be undone. */
export interface PlanLine {
  readonly step: string;
  readonly title: string;
  readonly now: string;
  /** Absent when the step would do nothing. */
  readonly change?: string;
  /** What would change, word for word: a diff. */
  readonly details?: string;
  readonly undo: 'undo' | 'keeps' | 'none';
}

export interface Plan {
  /** SHA-256 over runbook, platform, parameters, code version and lines. */
  readonly digest: string;
  readonly lines: readonly PlanLine[];
  /** How many lines would change something. */
  readonly changes: number;
  /** Of the platform as it was pinned for the plan; absent in plans of older workers. */
  readonly platformDigest?: string;
}

/** A platform-wide fact that a runbook puts into its report, for example the release it recorded. */
export interface Finding {
  readonly name: string;
  readonly value: string;
  readonly ok?: boolean;
  /** The id of a run that this one has started. */
  readonly run?: string;
}

/** The evidence of a run: the workflow's result (or its failure's details). Keys are only ever added. */
export interface RunReport extends Omit<RunState, 'schema' | 'state'> {
  readonly schema: 'runbook.report/v1';
  /** The first run id of the workflow: a reset keeps it. */
  readonly execution: string;
  readonly codeVersion: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  /** One sentence for people. */
  readonly summary: string;
  /** Whether anything outside was changed and is still changed. */
  readonly changed: boolean;
  readonly endedAt: string;
  readonly approvedPlan?: Plan;
  readonly findings: readonly Finding[];
}
