import type { ErrorFacts } from '../../shared/errors.ts';
import type { Finding, RunReport } from '../../shared/report.ts';
import type { StepRecord, StepStatus } from '../../shared/run-state.ts';
import { elapsedMs } from '../time.ts';
import { statusWords } from '../words.ts';
import { type Element, element } from './xml.ts';

/** One test case with its verdict: what a build server counts. */
export interface Case {
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly element: Element;
}

/** An error of one of these is history: a later try or a person settled it. */
const settled: ReadonlySet<StepStatus> = new Set(['done', 'in-place', 'would-change', 'skipped']);
/** What is there no more, or never was; an undo that failed has a case of its own. */
const withoutVerdict: ReadonlySet<StepStatus> = new Set([
  'skipped',
  'stopped',
  'undone',
  'undo-failed',
]);

export function stepCase(report: RunReport, step: StepRecord): Case {
  const { id, title, status, error, result, outputTail } = step;
  const attributes = caseName(report, 'steps', `${id}: ${title}`, seconds(step));
  const word = statusWords[status]?.word ?? status;
  if (error !== undefined && !settled.has(status)) {
    const output = outputTail === undefined ? [] : [element('system-out', {}, [outputTail])];
    return made('failed', attributes, [failure(error), ...output]);
  }
  if (withoutVerdict.has(status)) {
    return made('skipped', attributes, [element('skipped', { message: word })]);
  }
  if (!settled.has(status)) return made('failed', attributes, [failure(notDone(report, word))]);
  const told = result === undefined ? word : `${word}: ${result}`;
  return made('passed', attributes, [element('system-out', {}, [told])]);
}

export function undoCase(report: RunReport, { id, title, undoError }: StepRecord): Case[] {
  if (undoError === undefined) return [];
  const attributes = caseName(report, 'undo', `undo of ${id}: ${title}`);
  return [made('failed', attributes, [failure(undoError)])];
}

/** A finding without a verdict is a fact, not a test. */
export function findingCase(report: RunReport, { name, value, ok }: Finding): Case[] {
  if (ok === undefined) return [];
  const attributes = caseName(report, 'findings', name);
  return ok
    ? [made('passed', attributes, [element('system-out', {}, [value])])]
    : [made('failed', attributes, [failure(notOk(report, value))])];
}

/** A run that failed beside its steps would look green without a case of its own. */
export function runCase(report: RunReport): Case[] {
  const { error, outcome, steps, title } = report;
  if (error === undefined || outcome === 'succeeded') return [];
  const isTold = steps.some((step) => step.error?.code === error.code && !settled.has(step.status));
  return isTold ? [] : [made('failed', caseName(report, 'run', title), [failure(error)])];
}

export const suiteName = ({ runbook, platform }: RunReport) => `${runbook}.${platform}`;

/** As JUnit writes times. */
export function seconds({ startedAt, endedAt }: Pick<StepRecord, 'startedAt' | 'endedAt'>) {
  const ms = elapsedMs(startedAt, endedAt);
  return ms === undefined ? undefined : (ms / 1000).toFixed(3);
}

/** Build servers group cases by the class name, and find an earlier result by both names. */
function caseName(report: RunReport, group: string, name: string, time?: string) {
  return { classname: `${suiteName(report)}.${group}`, name, time };
}

const made = (
  verdict: Case['verdict'],
  attributes: Element['attributes'],
  children: Element[],
): Case => ({ verdict, element: element('testcase', attributes, children) });

function failure({ code, what, why, fix }: ErrorFacts): Element {
  const lines = Object.entries({ code, what, why, fix }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key.padEnd(4)}  ${value}`],
  );
  return element('failure', { type: code, message: what }, [lines.join('\n')]);
}

const notDone = ({ run }: RunReport, word: string): ErrorFacts => ({
  code: 'RB_STEP_NOT_DONE',
  what: `the step is ${word}`,
  why: 'the run ended before the step did',
  fix: `see why with runbook report ${run}`,
});

const notOk = ({ run }: RunReport, value: string): ErrorFacts => ({
  code: 'RB_FINDING_NOT_OK',
  what: value,
  why: 'the run found this not to be as it should',
  fix: `see the whole report with runbook report ${run}`,
});
