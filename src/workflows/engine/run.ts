import type { Duration } from '@temporalio/common';
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { HeldLock } from '../../shared/lock.ts';
import type { Finding, Plan } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { OnFailure } from '../../shared/run-request.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import type { Phase } from '../../shared/step-context.ts';
import { type BoundActivities, bindActivities } from './activities.ts';
import type { Decisions } from './decisions.ts';
import { type FanOut, runEach, type Target, type TargetStep } from './each.ts';
import { From } from './from.ts';
import { Gates } from './gates.ts';
import { runInOrder } from './graph.ts';
import { Hold } from './hold.ts';
import type { LockClient } from './lock-client.ts';
import { Notifier } from './notify.ts';
import type { Progress } from './progress.ts';
import { runStep, type StepSpec } from './step.ts';
import { Sweep } from './sweep.ts';
import { UndoStack } from './undo.ts';

const defaultLimit: Record<Phase, Duration> = {
  probe: '30s',
  act: '10s',
  verify: '30s',
  undo: '10m',
};

/** What a runbook's body works with: its parameters, its steps, and what goes into the report. */
export class Run {
  readonly progress: Progress;
  readonly decisions: Decisions;
  readonly hold: Hold;
  readonly gates: Gates;
  readonly notifier: Notifier;
  readonly undo: UndoStack;
  readonly from: From;
  readonly lock: LockClient;
  readonly sweep: Sweep;
  readonly findings: Finding[] = [];
  approvedPlan: Plan | undefined;
  /** Every activity carries them, and the host refuses an outdated one. */
  locks: readonly HeldLock[] = [];
  mode: 'plan' | 'apply' = 'apply';
  readonly resolved: ResolvedRun;
  private edited: Readonly<Record<string, unknown>> | undefined;

  constructor(resolved: ResolvedRun, progress: Progress, decisions: Decisions, lock: LockClient) {
    this.resolved = resolved;
    this.progress = progress;
    this.decisions = decisions;
    this.hold = new Hold(progress);
    this.notifier = new Notifier(resolved);
    this.undo = new UndoStack(this);
    this.gates = new Gates(this, resolved);
    decisions.params = {
      current: () => this.params,
      check: (step, edits) =>
        this.engineActivities(`decide/${step}`).checkEdits({ params: this.params, edits }),
      edit: (params) => {
        this.edited = params;
      },
      boundToPlan: resolved.planDigest !== undefined,
      wereApproved: this.gates.guardStart,
    };
    this.from = new From(resolved.from, progress);
    this.lock = lock;
    this.sweep = new Sweep(this);
  }

  /** As they are now: a decision may have edited them, so a step's verbs read them when they are called. */
  get params(): Readonly<Record<string, unknown>> {
    return this.edited ?? this.resolved.params;
  }

  get park(): ResolvedRun['park'] {
    return this.resolved.park;
  }

  get onFailure(): OnFailure {
    return this.resolved.onFailure;
  }

  /** When the run's clock started, ISO 8601. */
  get startedAt(): string {
    return this.progress.state().startedAt;
  }

  step<Output>(spec: StepSpec<Output>): Promise<Output> {
    return runStep(this, spec);
  }

  /** Runs one step for each target, in waves (`engine/each.ts`). */
  each<T extends Target>(
    targets: readonly T[],
    fanOut: FanOut,
    stepOf: (target: T) => TargetStep<unknown>,
  ): Promise<void> {
    return runEach(this, targets, fanOut, stepOf);
  }

  /** Runs `work` for every node as soon as the nodes that it depends on are done. */
  inOrder<Node extends { readonly name: string; readonly dependsOn: readonly string[] }>(
    nodes: readonly Node[],
    work: (node: Node) => Promise<void>,
  ): Promise<void> {
    if (!this.from.isSet) return runInOrder(nodes, work);
    return this.from.beside((strand) => runInOrder(nodes, (node) => strand(() => work(node))));
  }

  /** Puts a fact into the report. */
  find(finding: Finding): void {
    if (this.mode === 'apply') this.findings.push(finding);
  }

  /** For what the engine itself asks of the host, outside any step. */
  engineActivities(name: string): BoundActivities {
    return this.activitiesFor({ id: name, attempt: 1 }, 'verify');
  }

  activitiesFor(
    record: Pick<StepRecord, 'id' | 'attempt'>,
    phase: Phase,
    limit?: Duration,
  ): BoundActivities {
    const { workflowId, firstExecutionRunId, workflowType } = workflowInfo();
    const ctx = {
      run: workflowId,
      execution: firstExecutionRunId,
      runbook: workflowType,
      platform: this.resolved.platform,
      step: record.id,
      phase,
      attempt: record.attempt,
      locks: this.locks,
      ...(this.sweep.id === undefined ? {} : { sweep: this.sweep.id }),
    };
    return bindActivities(ctx, {
      summary: `${record.id}: ${phase}`,
      limit: limit ?? defaultLimit[phase],
      heartbeatTimeoutMs: this.resolved.heartbeatTimeoutMs,
    });
  }
}

/** Runs what must finish even when the run has been cancelled. */
export const toTheEnd = <T>(work: () => Promise<T>): Promise<T> =>
  CancellationScope.nonCancellable(work);
