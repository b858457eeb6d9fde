import type { Finding, RunReport } from '../../shared/report.ts';
import type { Words } from '../words.ts';
import { type Html, html } from './markup.ts';
import { pill } from './pill.ts';

export function findingsSection({ findings }: RunReport): Html | undefined {
  if (findings.length === 0) return undefined;
  return html`<section><h2>Findings</h2>
<table class="findings"><thead><tr><th>Name</th><th>Value</th><th>Verdict</th></tr></thead>
<tbody>${findings.map(row)}</tbody></table></section>`;
}

function row(finding: Finding): Html {
  return html`<tr><td class="title" data-label="Name">${finding.name}</td><td class="value" data-label="Value">${finding.value}</td>
<td data-label="Verdict">${finding.ok === undefined ? html`<span class="quiet">for information</span>` : pill(verdict(finding.ok))}</td></tr>`;
}

function verdict(ok: boolean): Words {
  return ok ? { sign: '✓', word: 'ok', tone: 'good' } : { sign: '✗', word: 'not ok', tone: 'bad' };
}
