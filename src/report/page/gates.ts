import type { GateAnswer, GateRecord } from '../../shared/gate.ts';
import type { RunReport } from '../../shared/report.ts';
import { gateWords, givenWords, identityWords, needWords } from '../gate-words.ts';
import { formatStamp } from '../time.ts';
import { type Html, html } from './markup.ts';
import { pill } from './pill.ts';

/** What had to be approved, who did so as they said, and from where as the server knows. */
export function gatesSection({ gates = [] }: RunReport): Html | undefined {
  if (gates.length === 0) return undefined;
  return html`<section><h2>Approvals</h2>${gates.map(gateBlock)}
<p class="quiet small">Names are what people claimed; the client is what the server was told of itself by the program that they used. Nobody checked either.</p></section>`;
}

function gateBlock(gate: GateRecord): Html {
  const { title, id, status, plan, openedAt, closedAt, openings, answers } = gate;
  const again = openings > 1 ? html` · opened ${openings} times, for the plan changed` : undefined;
  const end = closedAt === undefined ? undefined : html` to ${formatStamp(closedAt)}`;
  return html`<p>${pill(gateWords[status])} ${title} <code class="quiet">${id}</code></p>
<p class="quiet small">${givenWords(gate)} · needed ${needWords(gate)} · ${formatStamp(openedAt)}${end}${again} · plan <code>${plan.digest}</code></p>
${answers.length === 0 ? undefined : table(answers)}`;
}

function table(answers: readonly GateAnswer[]): Html {
  return html`<table class="decisions"><thead><tr><th>When</th><th>Who</th><th>Client</th><th>What</th><th>Why</th></tr></thead>
<tbody>${answers.map(row)}</tbody></table>`;
}

function row(answer: GateAnswer): Html {
  const { at, by, action, digest, why } = answer;
  const plan = html`<br><span class="quiet small">plan ${digest.slice(0, 12)}${answer.void ? ', void: it changed' : undefined}</span>`;
  return html`<tr>
<td class="when" data-label="When"><time datetime="${at}">${formatStamp(at)}</time></td>
<td data-label="Who">${by}</td>
<td data-label="Client">${clientWords(answer)}</td>
<td data-label="What">${action}${plan}</td>
<td data-label="Why">${why}</td></tr>`;
}

/** Whoever started with the plan gave no answer of their own. */
const clientWords = ({ update, identity }: GateAnswer) =>
  update === undefined ? 'with the start' : identityWords(identity);
