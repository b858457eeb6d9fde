import { formatDuration } from '../../report/time.ts';
import type { GateAnswer } from '../../shared/gate.ts';
import { lockWaitedFor } from '../../shared/lock-waited-for.ts';
import type { RunState, RunStateName, StepRecord, StepStatus } from '../../shared/run-state.ts';
import { answerWords } from './gate.ts';
import { stepMs, stepText } from './step-line.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';
import { isFinal, stateTone, stateWord, stepLook } from './words.ts';

/** Something that happened to a run between two looks at it. */
export type RunEvent =
  | {
      readonly kind: 'run';
      readonly at: string;
      readonly run: string;
      readonly state: RunStateName;
      /** Which runs have the lock that this one waits for. */
      readonly heldBy?: readonly string[];
    }
  | { readonly kind: 'step'; readonly at: string; readonly run: string; readonly step: StepRecord }
  | {
      readonly kind: 'gate';
      readonly at: string;
      readonly run: string;
      readonly gate: string;
      readonly answer: GateAnswer;
    };

/** What is new in `next`; steps that came and went between two looks are not lost. */
export function eventsBetween(
  previous: RunState | undefined,
  next: RunState,
  now: Date,
): RunEvent[] {
  const seen = new Map(previous?.steps.map((step) => [step.id, step]));
  const steps = next.steps
    .filter((step) => isNews(seen.get(step.id), step))
    .map((step) => ({ kind: 'step' as const, at: stepTime(step, now), run: next.run, step }));
  const moved = previous?.state !== next.state;
  const at = next.endedAt ?? parkedSince(next) ?? seenSince(previous, next, now);
  const lock = lockWaitedFor(next);
  const heldBy = lock ? { heldBy: lock.heldBy } : {};
  const run = { kind: 'run' as const, at, run: next.run, state: next.state, ...heldBy };
  // A final state, and a park, is told after the steps that led to it, any other one before.
  const rest = [...answersBetween(previous, next), ...steps];
  if (!moved) return inOrder(rest);
  return inOrder(isFinal(next.state) || next.state === 'parked' ? [...rest, run] : [run, ...rest]);
}

/** By their times; what happened at once stays as it was. */
export const inOrder = (events: readonly RunEvent[]): RunEvent[] =>
  [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

function answersBetween(previous: RunState | undefined, next: RunState): RunEvent[] {
  return (next.gates ?? []).flatMap(({ id, answers }) => {
    const seen = previous?.gates?.find((gate) => gate.id === id)?.answers.length ?? 0;
    const { run } = next;
    return answers
      .slice(seen)
      .map((answer) => ({ kind: 'gate' as const, at: answer.at, run, gate: id, answer }));
  });
}

/** A run parks with the first of its steps that do. */
function parkedSince({ state, steps }: RunState): string | undefined {
  if (state !== 'parked') return undefined;
  const times = steps.flatMap(({ status, parkedAt }) =>
    status === 'parked' && parkedAt !== undefined ? [parkedAt] : [],
  );
  return times.sort()[0];
}

const seenSince = (previous: RunState | undefined, { startedAt }: RunState, now: Date) =>
  previous === undefined ? startedAt : now.toISOString();

/** How long it took is worth saying; how long what was undone had taken is not. */
const hasEnded: ReadonlySet<StepStatus> = new Set([
  'done',
  'in-place',
  'skipped',
  'failed',
  'stopped',
  'would-change',
]);

function isNews(before: StepRecord | undefined, step: StepRecord): boolean {
  return (
    before === undefined ||
    before.status !== step.status ||
    (before.tries !== step.tries && step.tries > 0) ||
    before.lost !== step.lost ||
    waitsAnew(before, step)
  );
}

/** Counters in an answer go on and on; they alone are no news. */
function waitsAnew(before: StepRecord, { waiting }: StepRecord): boolean {
  const gist = (text: string | undefined) => text?.replaceAll(/\d+/g, '');
  return waiting !== undefined && gist(before.waiting?.for) !== gist(waiting.for);
}

function stepTime(step: StepRecord, now: Date): string {
  if (step.waiting !== undefined) return now.toISOString();
  if (step.status === 'running' && step.attempt <= 1) return step.startedAt;
  if (step.status === 'undoing') return now.toISOString();
  if (step.status === 'parked') return step.parkedAt ?? now.toISOString();
  return step.undoneAt ?? step.endedAt ?? now.toISOString();
}

/** The time of day that a line begins with. */
export const timeLabel = (at: string) => `${at.slice(11, 19)}Z  `;

/** `14:03:11Z step  status  text`, continued below its own text when it is long. */
export function eventLines(event: RunEvent, width: number, style: Style): string[] {
  const time = timeLabel(event.at);
  if (event.kind === 'run') {
    const word = style[stateTone(event.state)](stateWord(event.state));
    const { heldBy = [] } = event;
    const holders = heldBy.length === 0 ? '' : `, held by ${heldBy.join(', ')}`;
    return [`${style.faint(time)}run ${word}${holders}`];
  }
  if (event.kind === 'gate') {
    const [first = '', ...rest] = labelled(
      time,
      `gate ${event.gate}: ${answerWords(event.answer)}`,
      width,
    );
    return [`${style.faint(time)}${first.slice(time.length)}`, ...rest];
  }
  const { step } = event;
  const { word, tone } = stepLook(step.status);
  const spent = hasEnded.has(step.status)
    ? ` (${formatDuration(stepMs(step, new Date(event.at)))})`
    : '';
  const [first = '', ...rest] = labelled(
    time,
    `${step.id} ${word}: ${stepText(step)}${spent}`,
    width,
  );
  return [
    `${style.faint(time)}${first.slice(time.length).replace(word, (found) => style[tone](found))}`,
    ...rest,
  ];
}
