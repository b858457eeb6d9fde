import type { RunReport } from '../shared/report.ts';
import type { StepRecord, StepStatus } from '../shared/run-state.ts';
import { parkedMs, parkedWords } from './parked-time.ts';
import { clip, count, oneLine } from './text.ts';
import { elapsedMs, formatDuration } from './time.ts';
import { windowWords } from './window-words.ts';

/** What the summary is made from; the report carries the sentence itself. */
type SummaryParts = Pick<RunReport, 'outcome' | 'changed' | 'steps' | 'startedAt'> &
  Partial<Pick<RunReport, 'endedAt' | 'error' | 'outsideWindow' | 'parks'>>;

const titleBytes = 120;
const reasonBytes = 300;

/** One sentence for people: the outcome, what became of the steps, and how long it took. */
export function summarise(parts: SummaryParts): string {
  const ms = elapsedMs(parts.startedAt, parts.endedAt);
  const waited = parkedWords(parkedMs(parts, parts.endedAt));
  const time = ms === undefined ? '' : `${formatDuration(ms)}${waited ? ` (${waited})` : ''}`;
  const took = (word: string) => (time === '' ? '' : ` ${word} ${time}`);
  const steps = describe(parts.steps);
  switch (parts.outcome) {
    case 'succeeded':
      return foundAllInPlace(parts)
        ? `Nothing to change: ${describeInPlace(parts.steps)}${ms === undefined ? '' : ` (${formatDuration(ms)})`}.`
        : `Succeeded${took('in')}: ${steps}.`;
    case 'planned':
      return `Planned${took('in')}: ${describePlan(parts.steps)}.${closed(parts)}`;
    case 'undone':
      return `Failed${culprit(parts)}${took('after')} and was undone: ${steps}.`;
    case 'failed':
      return `Failed${culprit(parts)}${took('after')}${parts.changed ? ' and needs a person' : ', nothing was changed'}: ${steps}.`;
    case 'stopped':
      return `Stopped${took('after')}: ${steps}.`;
    case 'blocked':
      return `Blocked, nothing was changed.${closed(parts)}${notAllowed(parts)}`;
  }
}

/** Whoever reads a plan wants to know when it may come true. */
function closed({ outsideWindow }: SummaryParts): string {
  return outsideWindow === undefined ? '' : ` ${windowWords(outsideWindow)}.`;
}

/** Of an approval that was not given; a closed window has its own words. */
function notAllowed({ outsideWindow, error }: SummaryParts): string {
  const isTold = outsideWindow !== undefined && outsideWindow.reason === undefined;
  return isTold || error === undefined ? '' : ` ${clip(oneLine(error.what), reasonBytes)}.`;
}

/** Every step that could have changed something found that it need not. */
function foundAllInPlace({ changed, steps }: SummaryParts): boolean {
  const changing = steps.filter(({ risk }) => risk !== 'read');
  return !changed && changing.length > 0 && changing.every(({ status }) => status === 'in-place');
}

/** `14 steps in place, 6 checks done` */
function describeInPlace(steps: readonly StepRecord[]): string {
  const reads = steps.filter(({ risk }) => risk === 'read').length;
  const rest = reads === 0 ? '' : `, ${count(reads, 'check')} done`;
  return `${count(steps.length - reads, 'step')} in place${rest}`;
}

const phrases: ReadonlyArray<readonly [StepStatus, string]> = [
  ['done', 'done'],
  ['in-place', 'already in place'],
  ['skipped', 'skipped'],
  ['undone', 'undone'],
  ['undo-failed', 'could not be undone'],
  ['failed', 'failed'],
  ['parked', 'parked'],
  ['waiting', 'waiting for approval'],
  ['stopped', 'stopped'],
  ['would-change', 'would change'],
  ['running', 'not finished'],
  ['undoing', 'not fully undone'],
];

/** `3 steps done, 2 already in place`: the noun once, then only the statuses that occur. */
export function describe(steps: readonly StepRecord[]): string {
  const counts = phrases
    .map(([status, words]) => ({ words, n: steps.filter((s) => s.status === status).length }))
    .filter(({ n }) => n > 0);
  if (counts.length === 0) return 'no step was started';
  return counts.map(({ words, n }, i) => `${i === 0 ? count(n, 'step') : n} ${words}`).join(', ');
}

function describePlan(steps: readonly StepRecord[]): string {
  const changes = steps.filter((step) => step.status === 'would-change').length;
  if (changes === 0) return 'nothing would change';
  return `${changes} of ${count(steps.length, 'step')} would change something`;
}

/** The step that a run ended on: the one whose error is the run's, else the first that failed. */
export function failedStep({ steps, error }: Pick<SummaryParts, 'steps' | 'error'>) {
  const failed = steps.filter((s) => s.error && s.status !== 'done' && s.status !== 'skipped');
  return (
    failed.find((s) => s.error?.code === error?.code && s.error?.what === error?.what) ?? failed[0]
  );
}

function culprit(parts: SummaryParts): string {
  const step = failedStep(parts);
  if (step) return ` at "${clip(oneLine(step.title), titleBytes)}"`;
  return parts.error ? ` with ${clip(oneLine(parts.error.code), titleBytes)}` : '';
}
