import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { currentDetails } from '../../report/markdown.ts';
import { targetStepId } from '../../report/target-words.ts';
import { type GateRecord, openGates } from '../../shared/gate.ts';
import type {
  DecisionRecord,
  HoldRequest,
  LockState,
  Park,
  RunState,
  RunStateName,
  StepRecord,
  StepStatus,
  TargetRecord,
} from '../../shared/run-state.ts';
import { searchAttributeKeys as attribute } from '../../shared/search-attribute-keys.ts';
import { countPark, countStep } from './metrics.ts';
import type { StepSpec } from './step.ts';

type Limit = 'actLimit' | 'verifyLimit';

type Facts = Omit<
  RunState,
  'schema' | 'state' | 'steps' | 'parks' | 'decisions' | 'gates' | 'locks' | 'hold' | 'endedAt'
>;

const now = () => new Date().toISOString();

/** For how long lists may show the step before a quick one, ms: each upsert makes the server write its list of runs. */
const quickStepLagMs = 5_000;

/**
 * What is known about the run while it goes on. The query `state`, the current details and the search
 * attributes all come from here, so they agree.
 */
export class Progress {
  private facts: Facts;
  private name: RunStateName = 'resolving';
  private readonly parks: Park[] = [];
  private readonly locks = new Map<string, LockState>();
  hold: HoldRequest | undefined;
  private endedAt: string | undefined;
  private step = '';
  private readonly shown = new Map<string, unknown>();
  private shownAtMs = 0;
  /** Ids of the steps whose activities have the short limit. */
  private readonly quick = new Set<string>();
  steps: StepRecord[] = [];
  decisions: DecisionRecord[] = [];
  readonly gates: GateRecord[] = [];
  /** Whether any act that changes something has been started. */
  acted = false;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  describe(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
  }

  state(): RunState {
    return {
      schema: 'runbook.run/v1',
      ...this.facts,
      state: this.name,
      locks: [...this.locks.values()],
      ...(this.parks.length > 0 ? { parks: this.parks } : {}),
      ...(this.hold ? { hold: this.hold } : {}),
      ...(this.endedAt ? { endedAt: this.endedAt } : {}),
      steps: this.steps,
      decisions: this.decisions,
      ...(this.gates.length > 0 ? { gates: this.gates } : {}),
    };
  }

  enter(state: RunStateName): void {
    this.become(state);
    this.changed();
  }

  private become(state: RunStateName): void {
    if (state === this.name) return;
    const last = this.parks.at(-1);
    if (this.name === 'parked' && last) last.to = now();
    if (state === 'parked') {
      this.parks.push({ from: now() });
      countPark(this.facts);
    }
    this.name = state;
  }

  /** After a wait: a run whose steps go side by side may still wait for something else. */
  goOn(): void {
    if (openGates(this.gates).length > 0) this.enter('waiting-for-approval');
    else if (this.steps.some(({ status }) => status === 'parked')) this.enter('parked');
    else this.enter('running');
  }

  /** Ends the run's clock; the state that follows is final. */
  finish(state: RunStateName): void {
    this.endedAt = now();
    this.enter(state);
  }

  setLock(lock: LockState): void {
    this.locks.set(lock.key, lock);
    this.changed();
  }

  setHold(hold: HoldRequest | undefined): void {
    this.hold = hold;
    this.changed();
  }

  markChanged(): void {
    this.acted = true;
  }

  decide(record: Omit<DecisionRecord, 'at'>): void {
    this.decisions.push({ at: now(), ...record });
  }

  /** For what may come to the run in two ways. */
  decideOnce(record: Omit<DecisionRecord, 'at'>): void {
    const isSame = ({ action, by, why }: DecisionRecord) =>
      action === record.action && by === record.by && why === record.why;
    if (!this.decisions.some(isSame)) this.decide(record);
  }

  begin(
    spec: Pick<StepSpec<never>, 'id' | 'title' | 'risk' | 'undo' | 'keeps' | 'needed' | Limit>,
    targets?: readonly TargetRecord[],
  ): StepRecord {
    if (this.steps.some((step) => step.id === spec.id)) {
      throw new Error(`two steps with the id ${spec.id}`);
    }
    const undo = spec.undo ? 'undo' : spec.keeps === undefined ? 'none' : 'keeps';
    const record: StepRecord = {
      id: spec.id,
      title: spec.title,
      risk: spec.risk,
      status: 'running',
      undo,
      startedAt: now(),
      tries: 0,
      lost: 0,
      attempt: 0,
      ...(spec.needed === undefined ? {} : { needed: spec.needed }),
      ...(targets === undefined ? {} : { targets }),
    };
    this.steps.push(record);
    if (spec.actLimit === undefined && spec.verifyLimit === undefined) this.quick.add(spec.id);
    this.changed();
    return record;
  }

  /** A failed or parked step begins again, with all its tries; its attempts count on. */
  reopen(record: StepRecord): StepRecord {
    Object.assign(record, { status: 'running', tries: 0, lost: 0 });
    for (const key of ['error', 'outputTail', 'endedAt'] as const) delete record[key];
    this.changed();
    return record;
  }

  end(record: StepRecord, result: string | undefined): void {
    record.endedAt = now();
    if (result !== undefined) record.result = result;
    delete record.error;
    delete record.outputTail;
    countStep(this.facts, record);
    this.changed();
  }

  close(record: StepRecord, status: StepStatus): void {
    record.status = status;
    record.endedAt = now();
    countStep(this.facts, record);
    this.changed();
  }

  closeUndo(record: StepRecord, status: 'undone' | 'undo-failed'): void {
    record.status = status;
    record.undoneAt = now();
    this.changed();
  }

  /** A target stands as its step stands, once it has one. */
  private renewLedgers(): void {
    const fanOuts = this.steps.filter(({ targets }) => targets !== undefined);
    if (fanOuts.length === 0) return;
    const statuses = new Map(this.steps.map(({ id, status }) => [id, status]));
    for (const { id, targets = [] } of fanOuts) {
      for (const target of targets) {
        target.status = statuses.get(targetStepId(id, target.name)) ?? target.status;
      }
    }
  }

  /** One that waits for a person before all others, then the one that is shown while it goes on. */
  private stepToShow(): string {
    const parked = this.steps.find(({ status }) => status === 'parked');
    if (parked) return parked.id;
    const active = this.steps.filter(({ status }) => status === 'running' || status === 'undoing');
    const shown = active.some(({ id }) => id === this.step);
    return shown ? this.step : (active.at(-1)?.id ?? this.step);
  }

  /** Shows the present state everywhere. One event at most, with the attributes that have changed. */
  changed(): void {
    this.step = this.stepToShow();
    this.renewLedgers();
    setCurrentDetails(currentDetails(this.state()));
    const news = [
      { key: attribute.platform, value: this.facts.platform },
      { key: attribute.state, value: this.name },
      { key: attribute.step, value: this.step },
      { key: attribute.trigger, value: this.facts.trigger },
      { key: attribute.plan, value: this.facts.plan },
    ].filter(({ key, value }) => this.shown.get(key.name) !== value);
    const isStepOnly = news.every(({ key }) => key === attribute.step);
    if (news.length === 0 || (isStepOnly && this.passesSoon())) return;
    for (const { key, value } of news) this.shown.set(key.name, value);
    this.shownAtMs = Date.now();
    upsertSearchAttributes(news as SearchAttributePair[]);
  }

  /** While nobody is waited for, a quick step is worth an upsert only when what lists show is old. */
  private passesSoon(): boolean {
    const isQuick = this.name === 'running' && this.quick.has(this.step);
    return isQuick && Date.now() < this.shownAtMs + quickStepLagMs;
  }
}
