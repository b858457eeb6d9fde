import type { RunReport } from '../../shared/report.ts';
import type { LockState } from '../../shared/run-state.ts';
import { parkedMs, parkedWords } from '../parked-time.ts';
import { elapsedMs, formatDuration, formatStamp, lateBy } from '../time.ts';
import { windowWords } from '../window-words.ts';
import { type Content, type Html, html } from './markup.ts';

const startedHow = { cli: 'command line', ui: 'Temporal UI', schedule: 'schedule' } as const;

/** The facts of the run as pairs; what is not known is left out instead of shown empty. */
export function factsSection(report: RunReport): Html {
  return html`<section aria-label="Facts"><dl class="facts">
${fact('Run', html`<code>${report.run}</code>`)}
${fact('Execution', html`<code>${report.execution}</code>`)}
${fact('Started by', html`${report.by} <span class="quiet">via ${startedHow[report.trigger] ?? report.trigger}</span>`)}
${fact('Reason', report.reason)}
${fact('Retry of', report.retryOf && html`<code>${report.retryOf}</code>`)}
${fact('Begins at', report.from && html`<code>${report.from}</code>`)}
${fact('Change windows', report.outsideWindow && windowWords(report.outsideWindow))}
${fact('Scheduled for', report.scheduledFor && time(report.scheduledFor))}
${fact('Started', started(report))}
${fact('Ended', report.endedAt ? time(report.endedAt) : html`<span class="quiet">not yet</span>`)}
${fact('Duration', duration(report))}
${fact('Changes remain', report.changed ? 'yes' : 'no')}
${fact('When a step fails', report.onFailure)}
${fact('Code version', html`<code>${report.codeVersion}</code>`)}
${report.locks.map((held) => fact('Lock', lock(held, report)))}
${fact('Parameters', params(report.params))}
</dl></section>`;
}

function fact(name: string, value: Content): Html | undefined {
  if (value === undefined || value === '') return undefined;
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function time(iso: string): Html {
  return html`<time datetime="${iso}">${formatStamp(iso)}</time>`;
}

function started({ startedAt, scheduledFor }: RunReport): Html {
  const late = lateBy(scheduledFor, startedAt);
  return html`${time(startedAt)}${late && html` <span class="quiet">${late} late</span>`}`;
}

function duration(report: RunReport): string | undefined {
  const ms = elapsedMs(report.startedAt, report.endedAt);
  if (ms === undefined) return undefined;
  const waited = parkedWords(parkedMs(report, report.endedAt));
  return waited === undefined ? formatDuration(ms) : `${formatDuration(ms)}, ${waited}`;
}

function lock(state: LockState, { startedAt, steps }: RunReport): Html {
  const waited = elapsedMs(startedAt, steps[0]?.startedAt);
  const held = state.status === 'waiting' ? html`, held by ${state.heldBy.join(', ')}` : undefined;
  const token = state.token === undefined ? undefined : html`, token ${state.token}`;
  return html`<code>${state.key}</code> <span class="quiet">${state.mode}, ${state.status}${token}${held}</span>${
    waited === undefined
      ? undefined
      : html`<br><span class="quiet">first step after ${formatDuration(waited)}</span>`
  }`;
}

function params(values: RunReport['params']): Html {
  const entries = Object.entries(values);
  if (entries.length === 0) return html`<span class="quiet">none</span>`;
  return html`<ul class="params">${entries.map(
    ([name, value]) =>
      html`<li><code>${name} = ${JSON.stringify(value) ?? 'undefined'}</code></li>`,
  )}</ul>`;
}
