import { isCancellation } from '@temporalio/workflow';
import { listed, targetStepId, targetWords } from '../../report/target-words.ts';
import { count } from '../../report/text.ts';
import { type ErrorFacts, refuse } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import type { OnFailure } from '../../shared/run-request.ts';
import type { StepRecord, TargetRecord } from '../../shared/run-state.ts';
import { StepFailed } from './failures.ts';
import type { Run } from './run.ts';
import { outOfTries, runStep, type StepSpec } from './step.ts';

export interface Target {
  readonly name: string;
}

/** How a fan-out goes about its targets. The limits are asked before each wave: a decision may have edited them. */
export interface FanOut {
  readonly id: string;
  readonly title: string;
  /** How many targets may be under way at once. */
  readonly max: () => number;
  /** How many targets may fail before no further one is started. */
  readonly maxErrors: () => number;
}

export type TargetStep<Output> = Omit<StepSpec<Output>, 'id'>;

/**
 * One step for each target, in waves: one target first, then two, four, up to `max`, each wave larger than the one
 * before only when that had no error. Once more than `maxErrors` have failed nothing new starts, what runs ends,
 * and the fan-out is out of tries as a step would be; a retry touches what failed and what was not started.
 */
export async function runEach<T extends Target>(
  run: Run,
  targets: readonly T[],
  fanOut: FanOut,
  stepOf: (target: T) => TargetStep<unknown>,
): Promise<void> {
  const { id, title } = fanOut;
  refuseUnfit(id, targets);
  const ledger = targets.map(({ name }): TargetRecord => ({ name, status: 'pending' }));
  const record = run.progress.begin({ id, title, risk: 'read' }, ledger);
  record.now = wordsOf(targets, fanOut);
  const work = (target: T) => {
    const again = run.progress.steps.find((step) => step.id === targetStepId(id, target.name));
    const spec = { ...stepOf(target), id: targetStepId(id, target.name) };
    return runStep(run, spec, { again });
  };
  if (run.mode === 'plan') return planEach(run, record, targets, work);
  for (;;) {
    record.attempt += 1;
    const failed = await inWaves(run, record, targets, fanOut, work);
    if (failed.length <= fanOut.maxErrors()) return endAll(run, record, failed);
    mark(record, 'pending', 'not-started');
    record.error = failureOf(record, failed, run.onFailure);
    record.tries += 1;
    if ((await outOfTries(run, record)) === 'skip') return skipRest(run, record);
    mark(record, 'not-started', 'pending');
  }
}

/** One after the other, so that the same plan reads the same. */
async function planEach<T extends Target>(
  run: Run,
  record: StepRecord,
  targets: readonly T[],
  work: (target: T) => Promise<unknown>,
): Promise<void> {
  try {
    for (const target of targets) await work(target);
  } catch (error) {
    run.progress.close(record, isCancellation(error) ? 'stopped' : 'failed');
    throw error;
  }
  record.status = 'in-place';
  run.progress.end(record, undefined);
}

/** Starts what is pending and what has failed; returns the failures of this round once everything has ended. */
async function inWaves<T extends Target>(
  run: Run,
  record: StepRecord,
  targets: readonly T[],
  fanOut: FanOut,
  work: (target: T) => Promise<unknown>,
): Promise<StepFailed[]> {
  const statuses = new Map(record.targets?.map(({ name, status }) => [name, status]));
  let rest = targets.filter(({ name }) =>
    ['pending', 'failed'].includes(statuses.get(name) as string),
  );
  const failed: StepFailed[] = [];
  const tooMany = () => failed.length > fanOut.maxErrors();
  const attempt = async (target: T) => {
    await run.hold.wait();
    // Another one of the wave may have failed during the hold.
    if (tooMany()) return;
    try {
      await work(target);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      failed.push(error);
    }
  };
  for (let size = 1; rest.length > 0 && !tooMany(); ) {
    const wave = rest.slice(0, Math.min(size, fanOut.max()));
    const before = failed.length;
    await run.from.beside((strand) =>
      allEnded(
        run,
        record,
        wave.map((target) => strand(() => attempt(target))),
      ),
    );
    rest = rest.slice(wave.length);
    if (failed.length === before) size = wave.length * 2;
  }
  return failed;
}

/** Waits for all, also when one is cancelled: a stop is true only once everything has ended. */
async function allEnded(run: Run, record: StepRecord, work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'fulfilled') continue;
    if (isCancellation(result.reason)) {
      mark(record, 'pending', 'not-started');
      run.progress.close(record, 'stopped');
    }
    throw result.reason;
  }
}

/** Errors that were allowed for let the run go on; the fan-out has failed all the same, and fails the run at its end. */
function endAll(run: Run, record: StepRecord, failed: readonly StepFailed[]): void {
  for (const { step, facts } of failed) {
    run.find({ name: step, value: `${facts.code}: ${facts.what}`, ok: false });
  }
  const targets = record.targets ?? [];
  const words = targetWords(targets);
  if (failed.length > 0) {
    record.tries += 1;
    Object.assign(record, { result: words, error: allowedFailure(targets, failed) });
    run.progress.close(record, 'failed');
    return;
  }
  record.status = targets.every(({ status }) => status === 'in-place') ? 'in-place' : 'done';
  run.progress.end(record, words);
}

function skipRest(run: Run, record: StepRecord): void {
  for (const { name, status } of record.targets ?? []) {
    const step = run.progress.steps.find(({ id }) => id === targetStepId(record.id, name));
    if (status === 'failed' && step) step.status = 'skipped';
  }
  mark(record, 'not-started', 'skipped');
  record.result = targetWords(record.targets ?? []);
  run.progress.changed();
}

function mark(
  { targets = [] }: StepRecord,
  from: TargetRecord['status'],
  to: TargetRecord['status'],
): void {
  for (const target of targets) if (target.status === from) target.status = to;
}

function failureOf(
  { targets = [] }: StepRecord,
  failed: readonly StepFailed[],
  onFailure: OnFailure,
): ErrorFacts {
  const left = targets.filter(({ status }) => status === 'not-started').map(({ name }) => name);
  const next =
    onFailure === 'park'
      ? 'then decide retry: it touches only the targets that failed or were not started'
      : 'then start a run about the targets that failed or were not started';
  return {
    code: 'RB_TARGETS_FAILED',
    what: `${failed.length} of ${count(targets.length, 'target')} failed${
      left.length === 0 ? '' : `, ${left.length} not started: ${listed(left)}`
    }`,
    why: reasons(failed),
    fix: `correct the cause, ${next}`,
  };
}

function allowedFailure(
  targets: readonly TargetRecord[],
  failed: readonly StepFailed[],
): ErrorFacts {
  const names = targets.filter(({ status }) => status === 'failed').map(({ name }) => name);
  return {
    code: 'RB_TARGETS_FAILED',
    what: `${failed.length} of ${count(targets.length, 'target')} failed: ${listed(names)}`,
    why: reasons(failed),
    fix: 'the run went on, as maxErrors allowed; correct the cause, then start a run about the targets that failed',
  };
}

const reasons = (failed: readonly StepFailed[]): string =>
  failed
    .map(({ step, facts }) => `${step}: ${facts.code}: ${facts.what}`)
    .join('\n')
    .slice(0, 2000);

function wordsOf(targets: readonly Target[], { max, maxErrors }: FanOut): string {
  const names = targets.map(({ name }) => name);
  const pace = max() === 1 ? 'one after the other' : `in waves of 1, 2, 4, up to ${max()}`;
  const end = maxErrors() === 0 ? 'the first error' : `more than ${count(maxErrors(), 'error')}`;
  return `${count(names.length, 'target')} ${pace}: ${names.join(', ')}; ends after ${end}`;
}

function refuseUnfit(id: string, targets: readonly Target[]): void {
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const why =
    names.length > limits.fanOutTargets
      ? `it has ${names.length} targets; at most ${limits.fanOutTargets} are accepted`
      : twice && `the target ${twice} is there twice`;
  if (!why) return;
  const fix = 'start a run about fewer targets, each of them once';
  throw refuse('RB_TARGETS_INVALID', `the fan-out ${id} cannot begin`, why, fix);
}
