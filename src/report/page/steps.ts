import type { RunReport } from '../../shared/report.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import { parkedWords } from '../parked-time.ts';
import { elapsedMs, formatClock, formatDuration } from '../time.ts';
import { triesOf, triesWords } from '../tries.ts';
import { statusWords } from '../words.ts';
import { failure, output } from './failure.ts';
import { type Html, html } from './markup.ts';
import { pill } from './pill.ts';

const undoWords = {
  undo: 'can be undone',
  keeps: 'an undo leaves it in place',
  none: 'nothing to undo',
};

/** Every step in the order of its start: what was true, what was to change, what came out. */
export function stepsSection({ steps, plan }: RunReport): Html {
  if (steps.length === 0) {
    return html`<section><h2>Steps</h2><p class="quiet">No step was started.</p></section>`;
  }
  return html`<section><h2>Steps</h2><table class="steps">
<thead><tr><th class="num">#</th><th>Step</th><th>Status</th><th>Before, change, result</th><th class="num">Tries</th><th class="num">Lost</th><th class="num">Duration</th></tr></thead>
<tbody>${steps.map((step, i) => row(step, i + 1, plan))}</tbody></table></section>`;
}

function row(step: StepRecord, number: number, plan: boolean): Html {
  const ms = elapsedMs(step.startedAt, step.endedAt);
  const waited = parkedWords(step.parkedMs ?? 0);
  return html`<tr>
<td class="num quiet usual">${number}</td>
<td class="title" data-label="Step">${step.title}<br><code class="quiet">${step.id}</code>${
    step.risk === 'irreversible' ? html` <span class="tag">irreversible</span>` : undefined
  }</td>
<td data-label="Status">${pill(statusWords[step.status])}</td>
<td data-label="Change">${story(step, plan)}</td>
<td class="num ${triesOf(step) > 1 ? 'notable' : 'usual'}" data-label="Tries">${triesWords(step)}</td>
<td class="num ${step.lost > 0 ? 'notable' : 'quiet usual'}" data-label="Lost">${step.lost}</td>
<td class="num" data-label="Duration">${
    ms === undefined ? html`<span class="quiet">open</span>` : formatDuration(ms)
  }${waited && html`<br><span class="quiet small">${waited}</span>`}<br><span class="quiet small">${formatClock(step.startedAt)}</span></td>
</tr>${trouble(step)}`;
}

function story({ now, change, result, undo }: StepRecord, plan: boolean): Html | undefined {
  const lines = [
    ['before', now],
    ['change', change],
    ['result', result],
    ['undo', plan && undo !== 'none' ? undoWords[undo] : undefined],
  ] as const;
  const told = lines.filter(([, text]) => text);
  if (told.length === 0) return undefined;
  return html`<dl class="pairs">${told.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}

function trouble({ error, undoError, outputTail }: StepRecord): Html | undefined {
  if (!error && !undoError && !outputTail) return undefined;
  return html`<tr class="trouble"><td class="usual"></td><td colspan="6">${
    error ? failure(error, outputTail) : outputTail ? output(outputTail) : undefined
  }${undoError ? html`<p class="undo-error">The undo failed:</p>${failure(undoError)}` : undefined}</td></tr>`;
}
