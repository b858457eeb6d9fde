import { limits } from '../shared/limits.ts';
import type { RunState } from '../shared/run-state.ts';
import { attention } from './attention.ts';
import { code, inline } from './markdown-text.ts';
import { stepLines } from './step-lines.ts';
import { clip, utf8Bytes } from './text.ts';
import { elapsedMs, formatDuration } from './time.ts';
import { stateWords } from './words.ts';

/** The server's UI puts the text into a URL: one byte less than the limit is the most we hand out. */
const maxBytes = limits.currentDetailsBytes - 1;
/** The headline and what needs a person come first; the steps share what is left. */
const headBytes = 700;
const attentionBytes = 2400;

/**
 * The markdown that Temporal's UI shows as the run's current details. It runs inside the workflow:
 * the same state always gives the same text, and no clock is read.
 */
export function currentDetails(state: RunState): string {
  const head = clip(headline(state), headBytes);
  const needed = attention(state, attentionBytes);
  const parts = [head, ...(needed === '' ? [] : [needed])];
  const left = maxBytes - utf8Bytes(parts.join('\n\n')) - 2;
  return [...parts, stepLines(state.steps, left)].join('\n\n');
}

function headline(state: RunState): string {
  const { sign, word } = stateWords[state.state];
  const ms = elapsedMs(state.startedAt, state.endedAt);
  const took = ms === undefined ? '' : ` after ${formatDuration(ms)}`;
  const mode = state.plan ? ' · plan only, nothing is changed' : '';
  return [
    `**${sign} ${word}**${took}${mode}`,
    `${inline(state.title, 200)} on ${code(state.platform, 64)}, started by ${inline(state.by, 100)}`,
  ].join('\n\n');
}
