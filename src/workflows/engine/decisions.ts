import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { messages } from '../../shared/messages.ts';
import { type Decision, decisionActions, type StepRecord } from '../../shared/run-state.ts';
import type { Progress } from './progress.ts';
import { requireText } from './update-input.ts';

const decideUpdate = defineUpdate<string, [Decision]>(messages.decide);

const example =
  '{"step": "start-web", "attempt": 3, "action": "retry", "by": "ann", "why": "disk freed"}';

/** Parked steps and what people decide about them. Refusals are synchronous and leave no event. */
export class Decisions {
  private readonly taken = new Map<string, Decision>();
  private readonly progress: Progress;

  constructor(progress: Progress) {
    this.progress = progress;
    setHandler(decideUpdate, (decision) => this.take(decision), {
      validator: (decision) => this.check(decision),
      description:
        'Decide about a parked step: {step, attempt, action: retry|skip|undo|abort, by, why}',
    });
  }

  /** Parks the run at this step until somebody decides. */
  async wait(record: StepRecord): Promise<Decision> {
    record.status = 'parked';
    record.parkedAt = new Date().toISOString();
    this.progress.enter('parked');
    try {
      await condition(() => this.taken.has(record.id));
    } catch (stopped) {
      this.progress.close(record, 'stopped');
      throw stopped;
    }
    const decision = this.taken.get(record.id) as Decision;
    this.taken.delete(record.id);
    record.status = 'running';
    if (!this.parked().length) this.progress.enter('running');
    return decision;
  }

  private parked(): StepRecord[] {
    return this.progress.steps.filter((step) => step.status === 'parked');
  }

  private check(decision: Decision): void {
    requireText(decision, ['step', 'action', 'by', 'why'], example);
    if (!Number.isSafeInteger(decision.attempt)) {
      throw new Error(`"attempt" is missing or not a whole number; an example: ${example}`);
    }
    if (!(decisionActions as readonly string[]).includes(decision.action)) {
      throw new Error(
        `unknown action ${decision.action}: use one of ${decisionActions.join(', ')}`,
      );
    }
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
    if (this.taken.has(step.id)) throw new Error(`step ${step.id} has been decided already`);
  }

  private take(decision: Decision): string {
    this.taken.set(decision.step, decision);
    const { step, action, by, why } = decision;
    this.progress.decide({ step, action, by, why });
    return `${action} ${step}`;
  }
}
