import type { Words } from '../words.ts';
import { type Html, html } from './markup.ts';

/** A status for eyes and ears: colour, sign and word. */
export function pill({ sign, word, tone }: Words): Html {
  return html`<span class="pill ${tone}"><span class="sign" aria-hidden="true">${sign}</span> ${word}</span>`;
}
