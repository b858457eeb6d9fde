import type { RunReport } from '../shared/report.ts';
import { decisionsSection } from './page/decisions.ts';
import { factsSection } from './page/facts.ts';
import { failure } from './page/failure.ts';
import { findingsSection } from './page/findings.ts';
import { gatesSection } from './page/gates.ts';
import { Html, html } from './page/markup.ts';
import { pill } from './page/pill.ts';
import { planSection } from './page/plan.ts';
import { stepsSection } from './page/steps.ts';
import { styles } from './page/styles.ts';
import { timelineSection } from './page/timeline.ts';
import { undoSection } from './page/undo.ts';
import { wordsOfEnd } from './words.ts';

/** The second line of defence: even markup that slipped through could load or run nothing. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** One self-contained page for a ticket or an archive: no script, nothing fetched. */
export function renderHtml(report: RunReport): string {
  const words = wordsOfEnd(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(contentPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${words.sign} ${report.runbook} on ${report.platform}: ${words.word}</title>
<style>${new Html(styles)}</style>
</head>
<body>
<main>
${headline(report)}
${factsSection(report)}
${timelineSection(report)}
${stepsSection(report)}
${planSection(report)}
${undoSection(report)}
${gatesSection(report)}
${decisionsSection(report)}
${findingsSection(report)}
${footer(report)}
</main>
</body>
</html>
`;
  return page.markup;
}

function headline(report: RunReport): Html {
  const words = wordsOfEnd(report);
  return html`<header class="${words.tone}">
<p class="over"><code>${report.runbook}</code> on <code>${report.platform}</code></p>
<h1>${report.title}</h1>
<p class="outcome">${pill(words)}</p>
<p class="lead">${report.summary}</p>
${report.error ? failure(report.error) : undefined}
</header>`;
}

function footer(report: RunReport): Html {
  return html`<footer>
<details class="json"><summary>This report as JSON</summary><pre>${JSON.stringify(report, null, 2)}</pre></details>
<p>Schema <code>${report.schema}</code> · all times are UTC · <code>${report.run}</code></p>
</footer>`;
}
