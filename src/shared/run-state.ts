import type { ErrorFacts } from './errors.ts';
import type { ApprovalRules, GateRecord } from './gate.ts';
import type { LockMode } from './lock.ts';
import type { OnFailure, ParkThen, StopMode, Trigger } from './run-request.ts';
import type { Waiting } from './waiting.ts';
import type { NextWindow } from './windows.ts';

export const risks = ['read', 'reversible', 'irreversible'] as const;
export type Risk = (typeof risks)[number];

/** Where a run stands. The last six are final. */
export type RunStateName =
  | 'resolving'
  | 'waiting-for-approval'
  | 'waiting-for-lock'
  | 'planning'
  | 'running'
  | 'parked'
  | 'held'
  | 'undoing'
  | 'succeeded'
  | 'planned'
  | 'undone'
  | 'failed'
  | 'stopped'
  | 'blocked';

/**
 * What became of a run:
 * `succeeded`; `planned` (plan mode ended); `undone` (failed and everything it changed is back);
 * `failed` (a person is needed: not undone, or the undo failed); `stopped` (somebody stopped it);
 * `blocked` (every change window was closed, or an approval was not given; nothing was touched).
 */
export type Outcome = 'succeeded' | 'planned' | 'undone' | 'failed' | 'stopped' | 'blocked';

export type StepStatus =
  | 'running'
  | 'parked'
  /** Waits for approval before its act. */
  | 'waiting'
  | 'done'
  /** The probe found the wanted state; nothing was done. */
  | 'in-place'
  | 'skipped'
  | 'failed'
  | 'stopped'
  | 'undoing'
  | 'undone'
  | 'undo-failed'
  /** Plan mode: this step would act. */
  | 'would-change';

/** What a probe says: is the wanted state there, what is true now, and what an act would change. */
export interface ProbeVerdict<Output = unknown> {
  readonly state: 'in-place' | 'absent' | 'unknown';
  readonly now: string;
  readonly change?: string;
  /** What the act would change, word for word: a diff. Shown in a plan as it is. */
  readonly details?: string;
  readonly output?: Output;
  /** Why this change cannot be taken back though the step has an undo; the plan says so. */
  readonly cannotUndo?: string;
  /** Filled in by the host: an act of this step in this run was started before. */
  readonly acted?: boolean;
}

/** A target of a fan-out: as its step stands, or not yet, or not any more, begun. */
export interface TargetRecord {
  readonly name: string;
  status: StepStatus | 'pending' | 'not-started';
}

/** A time in which a run waited for decisions; open as long as it does. */
export interface Park {
  readonly from: string;
  to?: string;
}

/** When a parked step is decided by itself, and how, unless a person does. */
export interface ParkEnd {
  readonly at: string;
  readonly action: ParkThen;
}

/** One step of a run as shown, reported and kept. Times are ISO 8601. */
export interface StepRecord {
  readonly id: string;
  readonly title: string;
  readonly risk: Risk;
  status: StepStatus;
  /** What was true before, in the probe's words. */
  now?: string;
  /** What the act would change, in the probe's words. */
  change?: string;
  details?: string;
  /** What came out, in one line. */
  result?: string;
  /** `undo`: it can be undone; `keeps`: what an undo leaves in place; `none`: nothing changes. */
  undo: 'undo' | 'keeps' | 'none';
  /** Later steps need what it finds: it cannot be skipped. */
  needed?: true;
  startedAt: string;
  endedAt?: string;
  /** When it last ran out of tries and began to wait for a person. */
  parkedAt?: string;
  /** How much of its time it has waited for a person so far. */
  parkedMs?: number;
  /** Only of a parked step that does not wait for ever. */
  parkEnd?: ParkEnd;
  /** Only of a fan-out: its ledger. The step of a target has the id `FANOUT/TARGET`. */
  targets?: readonly TargetRecord[];
  /** Only of a step under way, and only where the server was asked: the run itself does not know. */
  waiting?: Waiting;
  /** When its undo ended. */
  undoneAt?: string;
  tries: number;
  lost: number;
  /** Names the attempt that a decision is about; a decision on an older attempt is refused. */
  attempt: number;
  error?: ErrorFacts;
  /** Why the undo of this step failed, when it did. */
  undoError?: ErrorFacts;
  /** The last output of the failing attempt, redacted, at most 2 KiB. */
  outputTail?: string;
}

export const decisionActions = ['retry', 'retry-with', 'skip', 'undo', 'abort'] as const;
export type DecisionAction = (typeof decisionActions)[number];

/** The argument of the update `decide`. */
export interface Decision {
  readonly step: string;
  readonly attempt: number;
  readonly action: DecisionAction;
  /** Of `retry-with`: the parameters that change, as a start takes them. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly why: string;
}

/** A parameter that `retry-with` has changed. */
export interface ParamChange {
  readonly name: string;
  readonly from?: unknown;
  readonly to: unknown;
}

/** The argument of the update `stop`. */
export interface StopRequest {
  readonly mode: StopMode;
  readonly by: string;
  readonly why: string;
}

/** The argument of the updates `hold` and `release`. */
export interface HoldRequest {
  readonly by: string;
  readonly why: string;
}

/** A decision, stop or hold as it is kept for the report. */
export interface DecisionRecord {
  readonly at: string;
  readonly step?: string;
  readonly action: DecisionAction | `stop-${StopMode}` | 'cancel' | 'hold' | 'release';
  readonly by: string;
  readonly why: string;
  /** Of `retry-with`. */
  readonly changes?: readonly ParamChange[];
  /** The run was bound to a plan, and what follows is not what was approved. */
  readonly departsFromPlan?: true;
}

export interface LockState {
  readonly key: string;
  readonly mode: LockMode;
  readonly status: 'waiting' | 'held' | 'released';
  /** Run ids that hold the lock while this run waits. */
  readonly heldBy: readonly string[];
  /** Grows with every grant; an act with a lower one is refused by the host. */
  readonly token?: number;
}

/** Every change window was closed: when the next opens, and why the run went on all the same, if it did. */
export interface OutsideWindow extends NextWindow {
  readonly reason?: string;
}

/** The answer of the query `state`: everything that a watcher draws. */
export interface RunState {
  readonly schema: 'runbook.run/v1';
  readonly run: string;
  readonly runbook: string;
  readonly title: string;
  readonly platform: string;
  readonly state: RunStateName;
  readonly trigger: Trigger;
  readonly by: string;
  readonly reason?: string;
  /** The run that this one does again. */
  readonly retryOf?: string;
  /** The step at which it begins: those before it must be in place. */
  readonly from?: string;
  readonly plan: boolean;
  readonly outsideWindow?: OutsideWindow;
  readonly onFailure: OnFailure;
  readonly startedAt: string;
  /** When its schedule wanted it to start; later than that by an absence of the server or of a worker. */
  readonly scheduledFor?: string;
  readonly endedAt?: string;
  readonly locks: readonly LockState[];
  /** When it waited for decisions; absent when it never did. */
  readonly parks?: readonly Park[];
  /** Who lets no new step begin, and why. */
  readonly hold?: HoldRequest;
  readonly steps: readonly StepRecord[];
  readonly decisions: readonly DecisionRecord[];
  /** What has to be approved before the run begins; absent when nothing has. */
  readonly approvals?: ApprovalRules;
  /** Where it waits or waited for approval, in the order of their first opening. */
  readonly gates?: readonly GateRecord[];
  /** Why the run ended as it did, when it did not succeed. */
  readonly error?: ErrorFacts;
}
