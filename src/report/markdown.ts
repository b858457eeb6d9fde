import { limits } from '../shared/limits.ts';
import type { RunState } from '../shared/run-state.ts';
import { attention } from './attention.ts';
import { announcement } from './gate-words.ts';
import { code, inline } from './markdown-text.ts';
import { retryWords } from './retry-words.ts';
import { stepLines } from './step-lines.ts';
import { clip, utf8Bytes } from './text.ts';
import { elapsedMs, formatDuration } from './time.ts';
import { windowWords } from './window-words.ts';
import { stateWords } from './words.ts';

/** The server's UI puts the text into a URL: one byte less than the limit is the most we hand out. */
const maxBytes = limits.currentDetailsBytes - 1;
/** The UI makes the frame of this text a line too short: a blank that is no white space is what gets cut off. */
const emptyLine = '\n\n\u2800';
/** The headline and what needs a person come first; the steps share what is left. */
const headBytes = 1000;
const attentionBytes = 2400;

/**
 * The markdown that Temporal's UI shows as the run's current details. It runs inside the workflow:
 * the same state always gives the same text, and no clock is read.
 */
export function currentDetails(state: RunState): string {
  const head = clip(headline(state), headBytes);
  const needed = attention(state, attentionBytes);
  const parts = [head, ...(needed === '' ? [] : [needed])];
  const left = maxBytes - utf8Bytes(parts.join('\n\n') + emptyLine) - 2;
  return [...parts, stepLines(state.steps, left)].join('\n\n') + emptyLine;
}

function headline(state: RunState): string {
  const { sign, word } = wordsOf(state);
  const ms = elapsedMs(state.startedAt, state.endedAt);
  const took = ms === undefined ? '' : ` after ${formatDuration(ms)}`;
  const mode = state.plan ? ' · plan only, nothing is changed' : '';
  const words = retryWords(state);
  const again = words === undefined ? [] : [inline(words, 300)];
  const window = state.outsideWindow ? [inline(windowWords(state.outsideWindow), 300)] : [];
  const needed = state.plan ? announcement(state) : undefined;
  return [
    `**${sign} ${word}**${took}${mode}`,
    inline(state.title, 200) + subject(state),
    ...again,
    ...window,
    ...(needed ? [inline(needed, 400)] : []),
  ].join('\n\n');
}

/** A run whose input was refused has touched nothing, and knows neither platform nor starter. */
function wordsOf(state: RunState): { readonly sign: string; readonly word: string } {
  const refused = state.state === 'failed' && state.steps.length === 0;
  return refused
    ? { sign: stateWords.failed.sign, word: 'Failed, nothing changed' }
    : stateWords[state.state];
}

function subject({ platform, by }: RunState): string {
  const on = platform === '' ? '' : ` on ${code(platform, 64)}`;
  return by === '' ? on : `${on}, started by ${inline(by, 100)}`;
}
