import type { Duration } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import type { ErrorFacts } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import type { ProbeVerdict, Risk, StepRecord } from '../../shared/run-state.ts';
import type { Phase } from '../../shared/step-context.ts';
import type { BoundActivities } from './activities.ts';
import {
  type AttemptFailure,
  cannotTell,
  classifyFailure,
  isSwept,
  StepFailed,
} from './failures.ts';
import { Outage } from './outage.ts';
import { parkedNews } from './parked-news.ts';
import type { Run } from './run.ts';
import { passStepGate } from './step-gate.ts';
import { wordsOf } from './verdict-words.ts';

type Verb<Output> = (activities: BoundActivities) => Promise<Output>;

/** The unit that is retried, resumed, skipped, undone and reported. */
export interface StepSpec<Output> {
  readonly id: string;
  readonly title: string;
  readonly risk: Risk;
  /** Is the wanted state there already? Asked before every act, so an effect is never done twice. */
  readonly probe?: Verb<ProbeVerdict<Output>>;
  readonly act?: Verb<Output>;
  /** Proves the effect; throws when it is not there. A text that it returns says what came out, unless `result` does. */
  readonly verify?: Verb<unknown>;
  /** Safe to run whether or not the act took effect. */
  readonly undo?: Verb<unknown>;
  /** What an undo leaves in place, in words, for a step that changes things and has no undo. */
  readonly keeps?: string;
  /** From its act on nothing of the run is undone any more, by no failure and no stop. */
  readonly noReturn?: true;
  /** Later steps need what it finds, so nobody can skip it. */
  readonly needed?: true;
  /** What later steps get in plan mode, where the act does not run. */
  readonly expect?: Output;
  /** What the plan says of a read that makes sense only after the changes; it does not run in plan mode. */
  readonly inPlan?: string;
  /**
   * What came out, in one line; without it a step says what its verify or its probe said. Asked only when there is an
   * output: a probe that finds an act of this run in place may give none.
   */
  readonly result?: (output: Output) => string | undefined;
  /** How long one act, or one verify, may take. */
  readonly actLimit?: Duration;
  readonly verifyLimit?: Duration;
}

/** A failed read has had its five tries inside the activity; an irreversible act is never repeated unasked. */
const triesByRisk: Record<Risk, number> = { read: 1, reversible: 3, irreversible: 1 };
const pausesMs = [1000, 5000];

/**
 * Runs a step to its end. That of a fan-out's target does not park by itself: out of tries it throws, and the
 * fan-out decides; `again` is its record when it has failed before.
 */
export async function runStep<Output>(
  run: Run,
  spec: StepSpec<Output>,
  target?: { readonly again: StepRecord | undefined },
): Promise<Output> {
  if (run.mode === 'apply') await run.hold.wait();
  const record = target?.again ? run.progress.reopen(target.again) : run.progress.begin(spec);
  run.from.begin(spec.id);
  const outage = new Outage();
  for (;;) {
    record.attempt += 1;
    try {
      const output = await attemptStep(run, spec, record);
      run.progress.end(record, output === undefined ? undefined : spec.result?.(output));
      return output;
    } catch (error) {
      const failure = classifyFailure(error);
      if (failure.kind === 'cancelled') {
        run.progress.close(record, 'stopped');
        throw error;
      }
      if (isSwept(failure)) {
        // An attempt that was lost when the run was ended is no trouble of the step.
        delete record.error;
        run.progress.close(record, 'stopped');
        throw new StepFailed(record.id, failure.facts, 'undo');
      }
      if (run.mode !== 'plan' && spec.risk !== 'irreversible') {
        record.error = failure.facts;
        run.progress.changed();
        if (await outage.bridged(failure)) continue;
      }
      if ((await afterFailure(run, record, failure)) === 'again') continue;
      if (target) failTarget(run, record);
      if ((await outOfTries(run, record)) === 'skip') return spec.expect as Output;
    }
  }
}

/** Probe, register the undo, act, verify: in this order, each time. */
async function attemptStep<Output>(
  run: Run,
  spec: StepSpec<Output>,
  record: StepRecord,
): Promise<Output> {
  const call = (phase: Phase, limit?: Duration) => run.activitiesFor(record, phase, limit);
  if (run.mode === 'plan') return planStep(run, spec, record, call);

  let verdict: ProbeVerdict<Output> | undefined;
  do {
    verdict = await spec.probe?.(call('probe'));
    if (verdict) Object.assign(record, wordsOf(verdict));
    const isToDo = spec.risk !== 'read' && !isInPlace(verdict);
    if (run.from.isAhead && isToDo) await run.from.pass(record, run.mode);
    refuseToGuess(spec.probe === undefined && spec.risk !== 'read', record, verdict);
  } while ((await passStepGate(run, record, verdict)) === 'ask-again');
  if (spec.noReturn) run.undo.seal();
  if (isInPlace(verdict)) {
    record.status = 'in-place';
    return verdict?.output as Output;
  }
  if (spec.undo) run.undo.register(record, spec.undo);
  if (spec.act && spec.risk !== 'read') run.progress.markChanged();

  // Words of an act whose answer was lost; those of `verify` and `result` say more.
  if (verdict?.state === 'in-place') record.result = verdict.now;
  const output =
    verdict?.state === 'in-place'
      ? (verdict.output as Output)
      : await spec.act?.(call(spec.risk === 'read' ? 'verify' : 'act', spec.actLimit));
  const seen = await spec.verify?.(call('verify', spec.verifyLimit));
  if (typeof seen === 'string') record.result = seen;
  record.status = 'done';
  return output as Output;
}

/** And not by an act of this run, which would have to be verified and undone. */
const isInPlace = (verdict: ProbeVerdict | undefined) =>
  verdict?.state === 'in-place' && !verdict.acted;

async function planStep<Output>(
  run: Run,
  spec: StepSpec<Output>,
  record: StepRecord,
  call: (phase: Phase, limit?: Duration) => BoundActivities,
): Promise<Output> {
  if (spec.inPlan !== undefined) {
    Object.assign(record, { status: 'skipped', now: spec.inPlan });
    return spec.expect as Output;
  }
  if (spec.risk === 'read') {
    const output = await spec.act?.(call('probe', spec.actLimit));
    await spec.verify?.(call('verify', spec.verifyLimit));
    record.status = 'in-place';
    const words = output === undefined ? undefined : spec.result?.(output);
    if (words !== undefined) record.now = words;
    return output as Output;
  }
  const verdict = await spec.probe?.(call('probe'));
  if (verdict) Object.assign(record, wordsOf(verdict));
  if (verdict?.state !== 'in-place' && run.from.isAhead) await run.from.pass(record, run.mode);
  record.status = verdict?.state === 'in-place' ? 'in-place' : 'would-change';
  return (verdict?.output ?? spec.expect) as Output;
}

/** After a lost attempt, or when the probe cannot tell, only a person may say that acting again is safe. */
function refuseToGuess(
  blind: boolean,
  record: StepRecord,
  verdict: ProbeVerdict | undefined,
): void {
  if (!(blind && record.lost > 0) && verdict?.state !== 'unknown') return;
  throw cannotTell(record, verdict?.now);
}

async function afterFailure(
  run: Run,
  record: StepRecord,
  failure: Exclude<AttemptFailure, { kind: 'cancelled' }>,
): Promise<'again' | 'out-of-tries'> {
  record.error = failure.facts;
  if (failure.kind === 'lost') {
    record.lost += 1;
    if (record.lost <= limits.lostAttempts) {
      run.progress.changed();
      return 'again';
    }
  } else {
    record.tries += 1;
    record.outputTail = failure.outputTail;
    if (failure.retry === 'maybe' && record.tries < triesByRisk[record.risk]) {
      run.progress.changed();
      await sleep(pausesMs[record.tries - 1] ?? 5000, {
        summary: `pause before try ${record.tries + 1}`,
      });
      return 'again';
    }
  }
  return 'out-of-tries';
}

function failTarget(run: Run, record: StepRecord): never {
  run.progress.close(record, 'failed');
  throw new StepFailed(record.id, factsOf(record), 'abort');
}

const factsOf = ({ error }: StepRecord): ErrorFacts => error ?? unexplained;

const unexplained: ErrorFacts = {
  code: 'RB_UNEXPECTED',
  what: 'the step failed',
  why: 'it gave no reason: it may be a bug in runbook',
  fix: 'report it with the log of the step and of the worker',
};

/** Parks, or ends the run's body, as the run wants it. */
export async function outOfTries(run: Run, record: StepRecord): Promise<'again' | 'skip'> {
  const facts = factsOf(record);
  if (run.mode === 'plan' || run.onFailure !== 'park') {
    run.progress.close(record, 'failed');
    throw new StepFailed(record.id, facts, run.onFailure === 'undo' ? 'undo' : 'abort');
  }
  if (run.park) {
    const at = new Date(Date.now() + run.park.timeoutMs).toISOString();
    record.parkEnd = { at, action: run.park.action };
  }
  await run.notifier.tell(['parked'], parkedNews(record, facts));
  const action = await run.decisions.wait(record);
  switch (action) {
    case 'retry':
    case 'retry-with':
      run.progress.reopen(record);
      return 'again';
    case 'skip':
      run.progress.close(record, 'skipped');
      return 'skip';
    default:
      run.progress.close(record, 'failed');
      throw new StepFailed(record.id, facts, action);
  }
}
