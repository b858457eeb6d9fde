import { ApplicationFailure, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { CheckedEdits } from '../../activities/edits.ts';
import { formatDuration } from '../../report/time.ts';
import { limits } from '../../shared/limits.ts';
import { messages } from '../../shared/messages.ts';
import { changeWords, paramChanges } from '../../shared/param-changes.ts';
import {
  type Decision,
  type DecisionAction,
  decisionActions,
  type ParamChange,
  type StepRecord,
} from '../../shared/run-state.ts';
import type { Progress } from './progress.ts';
import { requireText } from './update-input.ts';

const decideUpdate = defineUpdate<string, [Decision]>(messages.decide);

const examples = {
  plain: '{"step": "start-web", "attempt": 3, "action": "retry", "by": "ann", "why": "disk freed"}',
  params:
    '{"step": "restart", "attempt": 1, "action": "retry-with", "params": {"max": 1}, "by": "ann", "why": "slower"}',
} as const;

/** What a decision may do with the parameters of its run. */
interface EditableParams {
  current(): Readonly<Record<string, unknown>>;
  check(step: string, edits: Readonly<Record<string, unknown>>): Promise<CheckedEdits>;
  edit(params: Readonly<Record<string, unknown>>): void;
  readonly boundToPlan: boolean;
  /** Other people have approved the run as it was. */
  readonly wereApproved: boolean;
}

/**
 * Parked steps and what people decide about them. What is stale or impossible is refused synchronously and leaves
 * no event; edited parameters are then checked against the runbook's definition, on the host that has it.
 */
export class Decisions {
  params: EditableParams | undefined;
  private readonly taken = new Map<string, Decision>();
  private readonly checking = new Set<string>();
  private readonly progress: Progress;

  constructor(progress: Progress) {
    this.progress = progress;
    setHandler(decideUpdate, (decision) => this.take(decision), {
      validator: (decision) => this.check(decision),
      description:
        'Decide about a parked step: {step, attempt, action: retry|retry-with|skip|undo|abort, by, why}, ' +
        'and params with retry-with',
    });
  }

  /** Parks the run at this step until somebody decides, or its time is up. */
  async wait(record: StepRecord): Promise<DecisionAction> {
    const { parkEnd } = record;
    record.status = 'parked';
    record.parkedAt = new Date().toISOString();
    this.progress.enter('parked');
    const decided = () => this.taken.has(record.id);
    try {
      if (parkEnd === undefined) await condition(decided);
      else await condition(decided, Math.max(1, Date.parse(parkEnd.at) - Date.now()));
    } catch (stopped) {
      addParked(record);
      delete record.parkEnd;
      this.progress.close(record, 'stopped');
      throw stopped;
    }
    addParked(record);
    const decision = this.taken.get(record.id);
    this.taken.delete(record.id);
    record.status = 'running';
    delete record.parkEnd;
    if (!this.parked().length) this.progress.goOn();
    if (decision) return decision.action;
    return this.timedOut(record, parkEnd?.action ?? 'abort');
  }

  private timedOut({ id, parkedAt }: StepRecord, action: 'undo' | 'abort'): DecisionAction {
    const waited = formatDuration(Date.now() - Date.parse(parkedAt ?? ''));
    this.progress.decide({
      step: id,
      action,
      by: 'time-out',
      why: `nobody decided within ${waited}`,
    });
    return action;
  }

  private parked(): StepRecord[] {
    return this.progress.steps.filter((step) => step.status === 'parked');
  }

  private check(decision: Decision): void {
    requireText(decision, ['step', 'action', 'by', 'why'], examples.plain);
    if (!Number.isSafeInteger(decision.attempt)) {
      throw new Error(`"attempt" is missing or not a whole number; an example: ${examples.plain}`);
    }
    if (!(decisionActions as readonly string[]).includes(decision.action)) {
      throw new Error(
        `unknown action ${decision.action}: use one of ${decisionActions.join(', ')}`,
      );
    }
    requireParams(decision);
    if (decision.action === 'retry-with' && this.params?.wereApproved) {
      throw new Error(
        'the parameters of this run were approved at its gate: abort it, and start another with the new ones',
      );
    }
    this.requireParked(decision);
    if (this.checking.has(decision.step)) {
      throw new Error(`another decision about ${decision.step} is being checked`);
    }
  }

  private requireParked(decision: Decision): void {
    const parked = this.parked();
    const step = parked.find((candidate) => candidate.id === decision.step);
    if (!step) {
      const names = parked.map((candidate) => candidate.id).join(', ') || 'none';
      throw new Error(`step ${decision.step} is not parked (parked: ${names})`);
    }
    if (step.attempt !== decision.attempt) {
      throw new Error(
        `stale decision: step ${step.id} is at attempt ${step.attempt}, not ${decision.attempt}`,
      );
    }
    if (decision.action === 'skip' && step.needed) {
      throw new Error(`step ${step.id} cannot be skipped: later steps need what it finds`);
    }
    if (this.taken.has(step.id)) throw new Error(`step ${step.id} has been decided already`);
  }

  private async take(decision: Decision): Promise<string> {
    const changes = decision.action === 'retry-with' ? await this.edit(decision) : undefined;
    this.taken.set(decision.step, decision);
    const { step, action, by, why } = decision;
    if (changes === undefined) {
      this.progress.decide({ step, action, by, why });
      return `${action} ${step}`;
    }
    const departs = this.params?.boundToPlan ? { departsFromPlan: true as const } : {};
    this.progress.decide({ step, action, by, why, changes, ...departs });
    const plan = this.params?.boundToPlan ? '; this departs from the approved plan' : '';
    return `${action} ${step}: ${changeWords(changes)}${plan}`;
  }

  /** Puts the new parameters in place, or refuses them and leaves the run parked. */
  private async edit(decision: Decision): Promise<ParamChange[]> {
    const { step, params: edits = {} } = decision;
    if (!this.params) throw refusal('the run has no parameters yet');
    this.checking.add(step);
    try {
      const { problems } = await this.params.check(step, edits);
      if (problems.length > 0) throw refusal(problems.join('\n'));
      // A stop or a time-out may have come first.
      try {
        this.requireParked(decision);
      } catch (error) {
        throw refusal((error as Error).message);
      }
      const before = this.params.current();
      const after = { ...before, ...edits };
      this.params.edit(after);
      return paramChanges(before, after);
    } finally {
      this.checking.delete(step);
    }
  }
}

function addParked(record: StepRecord): void {
  record.parkedMs = (record.parkedMs ?? 0) + Date.now() - Date.parse(record.parkedAt ?? '');
}

function requireParams({ action, params }: Decision): void {
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  if (action === 'retry-with' && !(isObject && Object.keys(params).length > 0)) {
    throw new Error(`retry-with needs "params" with what changes; an example: ${examples.params}`);
  }
  if (JSON.stringify(params ?? {}).length > limits.inputBytes) {
    throw new Error(`"params" is larger than ${limits.inputBytes} bytes`);
  }
  if (action !== 'retry-with' && params !== undefined) {
    throw new Error(`"params" goes with the action retry-with, not with ${action}`);
  }
}

/** Fails the update alone; a plain error would fail the run's workflow task. */
const refusal = (message: string) =>
  ApplicationFailure.create({ message, type: 'RB_DECISION_REFUSED', nonRetryable: true });
