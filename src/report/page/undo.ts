import type { RunReport } from '../../shared/report.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import type { Tone } from '../words.ts';
import { type Html, html } from './markup.ts';

const settled: readonly string[] = ['done', 'failed', 'stopped', 'parked'];

/** What an unhappy end left behind: undone, not undone, kept. Nothing to say after a success. */
export function undoSection({ outcome, changed, steps }: RunReport): Html | undefined {
  if (outcome === 'succeeded' || outcome === 'planned') return undefined;
  const touched = changed || steps.some((s) => s.status === 'undone' || isStuck(s));
  if (!touched) {
    return html`<section><h2>Undo</h2><p class="quiet">Nothing was changed, so there was nothing to undo.</p></section>`;
  }
  const groups = [
    group(
      'Undone',
      'back',
      'what the step did is back as it was',
      steps.filter((s) => s.status === 'undone'),
    ),
    group('Could not be undone', 'bad', 'a person has to look', steps.filter(isStuck)),
    group(
      'Left as it is',
      'warn',
      'undo was not asked for, or the effect is unknown',
      steps.filter(isLeft),
    ),
    group('Kept on purpose', 'calm', 'an undo never removes this', steps.filter(isKept)),
  ];
  return html`<section><h2>Undo</h2><div class="undo">${groups}</div></section>`;
}

const isStuck = ({ status }: StepRecord) => status === 'undo-failed' || status === 'undoing';
const isLeft = ({ status, undo, risk }: StepRecord) =>
  settled.includes(status) && undo !== 'keeps' && risk !== 'read';
const isKept = ({ status, undo }: StepRecord) => settled.includes(status) && undo === 'keeps';

function group(
  name: string,
  tone: Tone,
  note: string,
  steps: readonly StepRecord[],
): Html | undefined {
  if (steps.length === 0) return undefined;
  return html`<div class="group ${tone}"><h3>${name} <span class="quiet">${steps.length}</span></h3>
<p class="quiet small">${note}</p><ul>${steps.map(({ title, result, change, undoError }) => {
    const told = undoError?.what ?? result ?? change;
    return html`<li>${title}${told ? html`<br><span class="quiet">${told}</span>` : undefined}</li>`;
  })}</ul></div>`;
}
