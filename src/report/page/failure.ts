import type { ErrorFacts } from '../../shared/errors.ts';
import { type Html, html } from './markup.ts';

/** Code and what first, then why and fix, then the last output on demand. */
export function failure(error: ErrorFacts, outputTail?: string): Html {
  return html`<div class="failure">
<p class="what"><code>${error.code}</code> ${error.what}</p>
${advice(error)}${outputTail ? output(outputTail) : undefined}
</div>`;
}

function advice({ why, fix }: ErrorFacts): Html | undefined {
  if (!why && !fix) return undefined;
  return html`<dl class="pairs">${why ? html`<dt>why</dt><dd>${why}</dd>` : undefined}${
    fix ? html`<dt>fix</dt><dd>${fix}</dd>` : undefined
  }</dl>`;
}

export function output(tail: string): Html {
  return html`<details class="output"><summary>Last output</summary><pre>${tail}</pre></details>`;
}
