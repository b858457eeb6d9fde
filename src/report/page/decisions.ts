import { changeWords } from '../../shared/param-changes.ts';
import type { RunReport } from '../../shared/report.ts';
import { formatStamp } from '../time.ts';
import { departsWords } from '../words.ts';
import { type Html, html } from './markup.ts';

/** Who decided what, when and why; silent when nobody had to. */
export function decisionsSection({ decisions }: RunReport): Html | undefined {
  if (decisions.length === 0) return undefined;
  return html`<section><h2>Decisions</h2>
<table class="decisions"><thead><tr><th>When</th><th>Who</th><th>What</th><th>Why</th></tr></thead>
<tbody>${decisions.map(
    ({ at, by, action, step, why, changes, departsFromPlan }) => html`<tr>
<td class="when" data-label="When"><time datetime="${at}">${formatStamp(at)}</time></td>
<td data-label="Who">${by}</td>
<td data-label="What">${action}${step ? html` <code class="quiet">${step}</code>` : undefined}${
      changes ? html`<br><code>${changeWords(changes)}</code>` : undefined
    }${departsFromPlan ? html`<br>${departsWords}` : undefined}</td>
<td data-label="Why">${why}</td></tr>`,
  )}</tbody></table>
<p class="quiet small">Names are what the client claimed; nobody checked them.</p></section>`;
}
