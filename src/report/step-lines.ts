import type { StepRecord } from '../shared/run-state.ts';
import { inline } from './markdown-text.ts';
import { describe } from './summary.ts';
import { targetWords, withoutQuietTargets } from './target-words.ts';
import { count, utf8Bytes } from './text.ts';
import { elapsedMs, formatClock, formatDuration } from './time.ts';
import { triesOf } from './tries.ts';
import { statusWords } from './words.ts';

/** Room for the line that stands for the steps which are not shown. */
const summaryBytes = 300;
const titleBytes = 100;
const targetsBytes = 300;

/** One line a step, or a sum of many targets. When they do not fit, the newest are shown and the rest is summed up. */
export function stepLines(every: readonly StepRecord[], maxBytes: number): string {
  if (every.length === 0) return 'No step was started.';
  const steps = withoutQuietTargets(every);
  const all = steps.map(line);
  if (utf8Bytes(all.join('\n')) <= maxBytes) return all.join('\n');
  const shown = newestThatFit(all, maxBytes - summaryBytes);
  const hidden = steps.slice(0, steps.length - shown.length);
  return [`${count(hidden.length, 'earlier step')}: ${describe(hidden)}\n`, ...shown].join('\n');
}

function newestThatFit(lines: readonly string[], maxBytes: number): readonly string[] {
  let bytes = 0;
  const first = lines.findLastIndex((text) => {
    bytes += utf8Bytes(text) + 1;
    return bytes > maxBytes;
  });
  return lines.slice(first + 1);
}

function line(step: StepRecord): string {
  const { sign, word } = statusWords[step.status];
  const ms = elapsedMs(step.startedAt, step.endedAt);
  const when = ms === undefined ? `since ${formatClock(step.startedAt)} UTC` : formatDuration(ms);
  const tries = triesOf(step) > 1 ? ` · ${triesOf(step)} tries` : '';
  const targets = step.targets ? ` · ${inline(targetWords(step.targets), targetsBytes)}` : '';
  const lost = step.lost > 0 ? ` · ${count(step.lost, 'lost attempt')}` : '';
  return `- ${sign} **${word}** ${inline(step.title, titleBytes)} · ${when}${tries}${lost}${targets}`;
}
