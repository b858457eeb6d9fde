import type { RunReport } from '../../shared/report.ts';
import type { DecisionRecord, StepRecord } from '../../shared/run-state.ts';
import { elapsedMs, formatClock, formatDuration } from '../time.ts';
import { statusWords, type Tone } from '../words.ts';
import { type Bar, bars } from './bars.ts';
import { type Html, html } from './markup.ts';
import { type TimeScale, timeScale } from './time-scale.ts';

/** With more steps a row each would be a scroll of its own: they become one picture. */
const maxRows = 40;
const pictureHeightPx = 420;

/** Bars of the steps over the run. Positions are percentages: the text keeps its size. */
export function timelineSection(report: RunReport): Html | undefined {
  if (report.steps.length === 0) return undefined;
  const scale = timeScale(report);
  const rows = report.steps.map((step) => ({
    step,
    bars: bars(step, report, scale),
    decisions: report.decisions.filter((decision) => decision.step === step.id),
  }));
  return html`<section><h2>Timeline</h2>
${patterns}
<div class="timeline">
<div class="row axis"><span class="name quiet">from ${formatClock(report.startedAt)} UTC</span>${axis(scale)}<span></span></div>
${rows.length > maxRows ? picture(rows, scale) : rows.map((r) => row(r, scale))}
${runDecisions(report, scale)}
</div>
${legend(rows)}
</section>`;
}

interface Row {
  readonly step: StepRecord;
  readonly bars: readonly Bar[];
  readonly decisions: readonly DecisionRecord[];
}

const pct = (n: number) => `${Number(n.toFixed(3))}%`;

/** One pattern for all bars; it stands in a picture without size because `display: none` kills it. */
const patterns = html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs><pattern id="waiting" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch" width="2.5" height="6"/></pattern></defs></svg>`;

function axis({ ticks }: TimeScale): Html {
  return html`<svg class="plot" height="20" aria-hidden="true">${ticks.map(
    ({ percent, label }) =>
      html`<text x="${pct(percent)}" y="13" text-anchor="${percent < 4 ? 'start' : percent > 94 ? 'end' : 'middle'}">${label}</text>`,
  )}</svg>`;
}

function row({ step, bars, decisions }: Row, scale: TimeScale): Html {
  const ms = elapsedMs(step.startedAt, step.endedAt);
  const { word } = statusWords[step.status];
  return html`<div class="row"><span class="name" title="${step.title}">${step.title}</span><svg class="plot" height="24" role="img" aria-label="${word}, from ${formatClock(step.startedAt)}">${grid(scale)}${bars.map(
    (bar) => rect(bar, 7, 10),
  )}${decisions.map((d) => marker(d, scale))}</svg><span class="num">${ms === undefined ? '' : formatDuration(ms)}</span></div>`;
}

function picture(rows: readonly Row[], scale: TimeScale): Html {
  const each = Math.max(1.4, pictureHeightPx / rows.length);
  return html`<div class="row picture"><span class="name quiet">${rows.length} steps, first on top</span><svg class="plot" height="${Math.ceil(each * rows.length)}" role="img" aria-label="${rows.length} steps over time">${grid(scale)}${rows.map(
    ({ step, bars }, i) =>
      html`<g><title>${step.title}: ${statusWords[step.status].word}</title>${bars.map((bar) => rect(bar, i * each, Math.max(1, each - 1)))}</g>`,
  )}</svg><span></span></div>`;
}

function runDecisions({ decisions }: RunReport, scale: TimeScale): Html | undefined {
  const ofRun = decisions.filter(({ step }) => step === undefined);
  if (ofRun.length === 0) return undefined;
  return html`<div class="row"><span class="name quiet">stop or cancel</span><svg class="plot" height="24" role="img" aria-label="requests to stop">${grid(scale)}${ofRun.map((d) => marker(d, scale))}</svg><span></span></div>`;
}

function grid({ ticks }: TimeScale): readonly Html[] {
  return ticks.map(
    ({ percent }) =>
      html`<line class="grid" x1="${pct(percent)}" x2="${pct(percent)}" y1="0" y2="100%"/>`,
  );
}

function rect({ from, to, tone, waiting }: Bar, y: number, height: number): Html {
  return html`<rect class="bar ${waiting ? 'waiting' : tone}" x="${pct(from)}" width="${pct(to - from)}" y="${y}" height="${height}" rx="2"/>`;
}

function marker({ at, action, by }: DecisionRecord, scale: TimeScale): Html | undefined {
  const x = scale.percent(at);
  if (x === undefined) return undefined;
  return html`<svg x="${pct(x)}" overflow="visible"><title>${action} by ${by}</title><path class="marker" d="M0 6l6 6-6 6-6-6z"/></svg>`;
}

const toneNames: ReadonlyArray<readonly [Tone, string]> = [
  ['good', 'done'],
  ['calm', 'already in place'],
  ['live', 'under way or planned'],
  ['warn', 'parked, skipped or stopped'],
  ['bad', 'failed'],
  ['back', 'undone'],
];

function legend(rows: readonly Row[]): Html {
  const all = rows.flatMap((row) => row.bars);
  const tones = new Set(all.filter((bar) => !bar.waiting).map((bar) => bar.tone));
  const key = (name: string, mark: Html) =>
    html`<li><svg width="14" height="12" aria-hidden="true">${mark}</svg>${name}</li>`;
  return html`<ul class="legend">${toneNames
    .filter(([tone]) => tones.has(tone))
    .map(([tone, name]) =>
      key(name, html`<rect class="bar ${tone}" x="1" y="2" width="12" height="8" rx="2"/>`),
    )}${
    all.some((bar) => bar.waiting)
      ? key(
          'waiting for a person',
          html`<rect class="bar waiting" x="1" y="2" width="12" height="8" rx="2"/>`,
        )
      : undefined
  }${
    rows.some((row) => row.decisions.length > 0)
      ? key('a decision', html`<path class="marker" d="M7 1l5 5-5 5-5-5z"/>`)
      : undefined
  }</ul>`;
}
