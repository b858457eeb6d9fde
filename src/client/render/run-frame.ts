import { parkedMs, parkedWords } from '../../report/parked-time.ts';
import { retryWords } from '../../report/retry-words.ts';
import { withoutQuietTargets } from '../../report/target-words.ts';
import { formatDuration } from '../../report/time.ts';
import { windowWords } from '../../report/window-words.ts';
import { openGates } from '../../shared/gate.ts';
import { lockWaitedFor } from '../../shared/lock-waited-for.ts';
import type { RunState, StepRecord } from '../../shared/run-state.ts';
import { failureLines, hasTrouble } from './failure.ts';
import { openGateLines } from './gate.ts';
import { nextCommands } from './next-commands.ts';
import { stepColumns, stepLine } from './step-line.ts';
import type { Style } from './style.ts';
import { count, cut, labelled, textWidth } from './text.ts';
import { waitingBlock } from './waiting.ts';
import { isFinal, stateTone, stateWord } from './words.ts';

export interface Frame {
  readonly width: number;
  /** Lines that fit; steps that ended well are folded when there are more. */
  readonly height?: number;
  readonly now: Date;
  readonly style: Style;
}

/** However full the screen is. */
const fewestSteps = 3;

/** A run as a watcher sees it, the same from every state however often it is drawn. */
export function runFrame(state: RunState, frame: Frame): string[] {
  const head = runHead(state, frame);
  const below = [
    ...failures(state, frame),
    ...lockLines(state, frame),
    ...waitingBlock(state, frame.width, frame.now, frame.style),
  ];
  const height = (frame.height ?? Number.POSITIVE_INFINITY) - 1;
  const before = rowsOf([...head, ...below], frame.width);
  const fits = (lines: string[]) => before + rowsOf(lines, frame.width) + fewestSteps <= height;
  const each = nextSteps(state, frame, 'each');
  const next = fits(each) ? each : nextSteps(state, frame, 'first');
  const taken = before + rowsOf(next, frame.width);
  // A plan is longer than a screen; `status` prints it whole.
  const waiting = gates(state, frame, Math.max(8, height - taken));
  const tail = [...below, ...waiting, ...next];
  const room = height - rowsOf([...head, ...tail], frame.width);
  return [...head, ...stepLines(state, frame, Math.max(fewestSteps, room)), ...tail];
}

/** Lines of the screen: what may not be broken, such as a path, can take several. */
const rowsOf = (lines: readonly string[], width: number) =>
  lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / width)), 0);

export function runHead(state: RunState, { width, now, style }: Frame): string[] {
  const end = state.endedAt === undefined ? now.getTime() : Date.parse(state.endedAt);
  const waited = parkedWords(parkedMs(state, now.toISOString()));
  const took = formatDuration(Math.max(0, end - Date.parse(state.startedAt)));
  const time = waited === undefined ? took : `${took}, ${waited}`;
  const what = `${state.runbook} on ${state.platform}${state.plan ? ' (plan)' : ''}`;
  const word = stateWord(state.state);
  const name = cut(what, width - word.length - time.length - 4);
  const id = `run ${state.run}`;
  const facts = [`by ${state.by}`, state.reason].filter((fact) => fact !== undefined);
  const room = width - textWidth(id);
  const again = retryWords(state);
  return [
    `${style.strong(name)}  ${style[stateTone(state.state)](word)}  ${time}`,
    // The id is there to be copied: never cut.
    style.faint(id + (room < 8 ? '' : cut(` · ${facts.join(' · ')}`, room))),
    ...(again === undefined ? [] : labelled('', again, width).map(style.faint)),
    ...(state.outsideWindow
      ? labelled('', windowWords(state.outsideWindow), width).map(style.caution)
      : []),
  ];
}

function stepLines(state: RunState, { width, now, style }: Frame, room: number): string[] {
  const columns = stepColumns(state.steps, width);
  const steps = state.steps.length > room ? withoutQuietTargets(state.steps) : state.steps;
  const settled = new Set(['done', 'in-place', 'skipped', 'undone']);
  const excess = steps.length - room;
  const foldable = steps.filter((step) => settled.has(step.status));
  const folded = new Set(excess > 0 ? foldable.slice(0, excess + 1) : []);
  // Plans of hundreds of steps that would change something still end inside the screen.
  const shown = steps.filter((step) => !folded.has(step)).slice(-room);
  const hidden = steps.length - shown.length;
  return [
    ...(hidden > 0 ? [style.faint(`  … ${count(hidden, 'earlier step')}`)] : []),
    ...shown.map((step) => stepLine(step, columns, now, width, style)),
  ];
}

function failures(state: RunState, { width, style, now }: Frame): string[] {
  const troubled = state.steps.filter(
    (step) => hasTrouble(step) && ['parked', 'failed', 'undo-failed'].includes(step.status),
  );
  return troubled.flatMap((step) => [
    '',
    ...failureLines(step, width, style, waitingLines(step, now)),
  ]);
}

function waitingLines({ status, parkedAt }: StepRecord, now: Date): string[] {
  if (status !== 'parked' || parkedAt === undefined) return [];
  const waits = formatDuration(Math.max(0, now.getTime() - Date.parse(parkedAt)));
  return [
    `    since ${parkedAt.slice(0, 19).replace('T', ' ')}Z: it has been waiting for ${waits}`,
  ];
}

function gates(state: RunState, { width, style }: Frame, room: number): string[] {
  const lines = openGates(state.gates).flatMap((gate) => [
    '',
    ...openGateLines(gate, width, style),
  ]);
  if (lines.length <= room) return lines;
  const hidden = lines.length - room + 1;
  return [...lines.slice(0, -hidden), style.faint(`  … ${count(hidden, 'more line')}`)];
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

function nextSteps(state: RunState, { width, style }: Frame, ways: 'each' | 'first'): string[] {
  if (isFinal(state.state)) return [];
  const commands = nextCommands(state, width - 2, ways);
  return commands.length === 0 ? [] : ['', ...commands.map((line) => `  ${style.strong(line)}`)];
}
