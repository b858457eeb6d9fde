import type { ErrorFacts } from '../../shared/errors.ts';
import type { GateAction, GateOrder } from '../../shared/gate.ts';
import type { LockBook, LockBreak } from '../../shared/lock.ts';
import type { RunReport } from '../../shared/report.ts';
import type { RunLog } from '../../shared/run-log.ts';
import type { RunRequest } from '../../shared/run-request.ts';
import type { Decision, HoldRequest, RunState, StopRequest } from '../../shared/run-state.ts';
import type { SweepAnswer, SweepRequest } from '../../shared/sweep.ts';
import type { Schedules } from '../schedules/api.ts';
import type { Secrets } from './secrets.ts';
import type { StepWait } from './waits.ts';

/** Why an open run does not go on, and what helps. */
export interface Trouble extends Required<ErrorFacts> {
  /** How often the server has handed out the task that the worker fails at. */
  readonly attempts?: number;
  readonly since?: string;
}

/** One run as the server lists it: no worker is asked. */
export interface RunRow {
  readonly run: string;
  readonly runbook: string;
  readonly platform: string;
  /** The run's own word for its state, or what the server did to it: `terminated`, `timed-out`. */
  readonly state: string;
  readonly step: string;
  readonly trigger: string;
  readonly plan: boolean;
  /** The run that this one does again. */
  readonly retryOf?: string;
  readonly open: boolean;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** What its steps under way wait for; only where it was looked for. */
  readonly waits?: readonly StepWait[];
  /** Only of an open run, and only where it was looked for: a list alone does not show it. */
  readonly trouble?: Trouble;
}

export interface RunFilter {
  readonly open?: boolean;
  /** Only runs that the server ended from outside in the middle of their work, also those swept since. */
  readonly gone?: boolean;
  readonly runbook?: string | undefined;
  readonly platform?: string | undefined;
  readonly limit: number;
}

export interface EndWithoutReport {
  readonly report?: undefined;
  readonly how: string;
  readonly error: ErrorFacts;
}

/** How a closed run ended: with its report, or, when something outside ended it, without. */
export type RunEnd = { readonly report: RunReport } | EndWithoutReport;

/**
 * The runs behind one Temporal address. Every method has a short deadline and throws
 * `RB_TEMPORAL_UNREACHABLE` when the server is away, `RB_NO_WORKER` when nobody answers for a run and
 * `RB_WORKFLOW_TASK_FAILING` when a worker is there and its workflow code fails.
 */
export interface Runs {
  readonly address: string;
  readonly namespace: string;
  /** Throws `RB_NO_WORKER` unless a worker polls the queue. */
  requireWorker(): Promise<void>;
  /** Whether a run could begin, and where. Throws what the worker would refuse it for; nothing is started. */
  check(runbook: string, request: RunRequest): Promise<{ readonly platform: string }>;
  start(runbook: string, run: string, request: RunRequest): Promise<void>;
  /** What a run was started with; undefined when that is no request. */
  request(run: string): Promise<RunRequest | undefined>;
  /** Lets a run that was ended from outside go on, to undo what it did. Of a run that is not open. */
  sweep(run: string, request: SweepRequest): Promise<SweepAnswer>;
  /** What the server alone knows of a run, with what keeps it from going on. */
  find(run: string): Promise<RunRow>;
  state(run: string): Promise<RunState>;
  /** Of a closed run. */
  end(run: string): Promise<RunEnd>;
  list(filter: RunFilter): Promise<readonly RunRow[]>;
  /** Returns what the run says that it does now. */
  decide(run: string, decision: Decision): Promise<string>;
  stop(run: string, request: StopRequest): Promise<void>;
  hold(run: string, request: HoldRequest): Promise<void>;
  release(run: string, request: HoldRequest): Promise<void>;
  answerGate(run: string, action: GateAction, order: GateOrder): Promise<void>;
  locks(): Promise<readonly LockBook[]>;
  breakLock(key: string, request: LockBreak): Promise<void>;
  log(run: string, step: string | undefined): Promise<RunLog>;
  readonly schedules: Schedules;
  readonly secrets: Secrets;
  close(): Promise<void>;
}
