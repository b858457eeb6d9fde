import { targetWords } from '../../report/target-words.ts';
import { formatDuration } from '../../report/time.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import { undoErrorOf } from './failure.ts';
import type { Style } from './style.ts';
import { cut, padEnd, padStart, textWidth } from './text.ts';
import { waitingWords } from './waiting.ts';
import { stepLook } from './words.ts';

const longestId = 24;
const statusWidth = 12;
const timeWidth = 11;
/** Everything on the line but the id and the text. */
const fixedWidth = 4 + 2 + statusWidth + 1 + timeWidth;

export interface StepColumns {
  readonly id: number;
}

/** One width for all steps of a run, so that the columns stand still while it goes on. */
export function stepColumns(steps: readonly Pick<StepRecord, 'id'>[], width: number): StepColumns {
  const longest = width === Number.POSITIVE_INFINITY ? width : longestId;
  const room = Math.max(6, Math.min(longest, width - fixedWidth));
  return { id: Math.min(room, Math.max(6, ...steps.map((step) => step.id.length))) };
}

/** Mark, step, status, what happened, how long: one line, however long the texts are. */
export function stepLine(
  step: StepRecord,
  columns: StepColumns,
  now: Date,
  width: number,
  style: Style,
): string {
  const { mark, word, tone } = stepLook(step.status);
  const head = `${padEnd(cut(step.id, columns.id), columns.id)}  `;
  const textRoom = width - fixedWidth - columns.id;
  const text = textRoom < 8 ? '' : cut(stepText(step), textRoom);
  // Without an edge there is no right-hand side to align the times at.
  const filler = Number.isFinite(textRoom) ? padEnd('', textRoom - textWidth(text)) : '  ';
  const time = formatDuration(stepMs(step, now));
  return [
    `  ${style[tone](mark)} ${head}`,
    style[tone](padEnd(word, statusWidth)),
    ` ${text}${filler}`,
    style.faint(Number.isFinite(textRoom) ? padStart(time, timeWidth) : time),
  ]
    .join('')
    .trimEnd();
}

/** What is worth saying about a step in its present status. */
export function stepText(step: StepRecord): string {
  const { status, error, result, now, change, tries, lost, title, targets, waiting } = step;
  if (status === 'running' && targets !== undefined) return targetWords(targets);
  if (status === 'running') {
    const attempts = [lost > 0 ? `${lost} lost` : '', tries > 0 ? `try ${tries + 1}` : ''];
    const doing = waiting === undefined ? title : waitingWords(waiting);
    return [attempts.filter((word) => word !== '').join(', '), doing]
      .filter((word) => word !== '')
      .join(': ');
  }
  if (status === 'undoing') return title;
  const undoError = undoErrorOf(step);
  if (undoError !== undefined) return `${undoError.code}: ${undoError.what}`;
  if (error !== undefined && status !== 'done') return `${error.code}: ${error.what}`;
  if (status === 'undone') return now === undefined ? title : `as before: ${now}`;
  if (status === 'in-place') return result ?? now ?? title;
  if (status === 'would-change') return change ?? title;
  // What a plan says it would do is no news of what was done.
  return result ?? title;
}

export function stepMs(step: StepRecord, now: Date): number {
  const end = step.endedAt === undefined ? now.getTime() : Date.parse(step.endedAt);
  return Math.max(0, end - Date.parse(step.startedAt));
}
