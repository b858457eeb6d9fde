import type { RunReport } from '../../shared/report.ts';
import { type Comparison, comparePlan } from '../deviations.ts';
import { count } from '../text.ts';
import { type Html, html } from './markup.ts';
import { pill } from './pill.ts';

/** What was approved beside what happened; only when somebody approved a plan. */
export function planSection({ approvedPlan, steps }: RunReport): Html | undefined {
  if (!approvedPlan) return undefined;
  const lines = comparePlan(approvedPlan, steps);
  const deviations = lines.filter((line) => line.deviation !== undefined).length;
  return html`<section><h2>Plan against outcome</h2>
<p>${deviations === 0 ? 'Everything went as approved.' : `${count(deviations, 'deviation')} from the approved plan.`} <span class="quiet">Digest <code>${approvedPlan.digest}</code></span></p>
<table class="plan"><thead><tr><th>Step</th><th>Planned</th><th>Happened</th><th>Verdict</th></tr></thead>
<tbody>${lines.map(row)}</tbody></table></section>`;
}

function row({ title, planned, happened, deviation }: Comparison): Html {
  const verdict =
    deviation === undefined
      ? pill({ sign: '✓', word: 'as planned', tone: 'calm' })
      : pill({ sign: '≠', word: deviation, tone: 'warn' });
  return html`<tr>
<td class="title" data-label="Step">${title}</td>
<td data-label="Planned">${planned}</td>
<td data-label="Happened">${happened}</td>
<td data-label="Verdict">${verdict}</td>
</tr>`;
}
