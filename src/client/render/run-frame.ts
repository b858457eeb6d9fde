import { retryWords } from '../../report/retry-words.ts';
import { formatDuration } from '../../report/time.ts';
import { windowWords } from '../../report/window-words.ts';
import { lockWaitedFor } from '../../shared/lock-waited-for.ts';
import type { RunState } from '../../shared/run-state.ts';
import { failureLines } from './failure.ts';
import { nextCommands } from './next-commands.ts';
import { stepColumns, stepLine } from './step-line.ts';
import type { Style } from './style.ts';
import { count, cut, labelled } from './text.ts';
import { isFinal, stateTone, stateWord } from './words.ts';

export interface Frame {
  readonly width: number;
  /** Lines that fit; steps that ended well are folded when there are more. */
  readonly height?: number;
  readonly now: Date;
  readonly style: Style;
}

/** A run as a watcher sees it, the same from every state however often it is drawn. */
export function runFrame(state: RunState, frame: Frame): string[] {
  const head = runHead(state, frame);
  const tail = [...failures(state, frame), ...lockLines(state, frame), ...nextSteps(state, frame)];
  const room = (frame.height ?? Number.POSITIVE_INFINITY) - head.length - tail.length - 1;
  return [...head, ...stepLines(state, frame, Math.max(3, room)), ...tail];
}

export function runHead(state: RunState, { width, now, style }: Frame): string[] {
  const end = state.endedAt === undefined ? now.getTime() : Date.parse(state.endedAt);
  const time = formatDuration(Math.max(0, end - Date.parse(state.startedAt)));
  const what = `${state.runbook} on ${state.platform}${state.plan ? ' (plan)' : ''}`;
  const word = stateWord(state.state);
  const name = cut(what, width - word.length - time.length - 4);
  const facts = [`run ${state.run}`, `by ${state.by}`, state.reason].filter(
    (fact) => fact !== undefined,
  );
  const again = retryWords(state);
  return [
    `${style.strong(name)}  ${style[stateTone(state.state)](word)}  ${time}`,
    style.faint(cut(facts.join(' · '), width)),
    ...(again === undefined ? [] : labelled('', again, width).map(style.faint)),
    ...(state.outsideWindow
      ? labelled('', windowWords(state.outsideWindow), width).map(style.caution)
      : []),
  ];
}

function stepLines(state: RunState, { width, now, style }: Frame, room: number): string[] {
  const columns = stepColumns(state.steps, width);
  const settled = new Set(['done', 'in-place', 'skipped', 'undone']);
  const excess = state.steps.length - room;
  const foldable = state.steps.filter((step) => settled.has(step.status));
  const folded = new Set(excess > 0 ? foldable.slice(0, excess + 1) : []);
  // Plans of hundreds of steps that would change something still end inside the screen.
  const shown = state.steps.filter((step) => !folded.has(step)).slice(-room);
  const hidden = state.steps.length - shown.length;
  return [
    ...(hidden > 0 ? [style.faint(`  … ${count(hidden, 'earlier step')}`)] : []),
    ...shown.map((step) => stepLine(step, columns, now, width, style)),
  ];
}

function failures(state: RunState, { width, style }: Frame): string[] {
  const troubled = state.steps.filter(
    ({ status, error }) =>
      error !== undefined && ['parked', 'failed', 'undo-failed'].includes(status),
  );
  return troubled.flatMap((step) => ['', ...failureLines(step, width, style)]);
}

function lockLines(state: RunState, { width, style }: Frame): string[] {
  const lock = lockWaitedFor(state);
  // Every run asks for its lock; only a lock that another one has makes it wait.
  if (!lock || lock.heldBy.length === 0) return [];
  const holders = lock.heldBy.join(', ');
  return [
    '',
    ...labelled('  waits ', `for ${lock.key}, held by ${holders}`, width).map(style.caution),
  ];
}

function nextSteps(state: RunState, { width, style }: Frame): string[] {
  if (isFinal(state.state)) return [];
  const commands = nextCommands(state, width - 2);
  return commands.length === 0 ? [] : ['', ...commands.map((line) => `  ${style.strong(line)}`)];
}
