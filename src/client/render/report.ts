import { formatMs } from '../../shared/duration.ts';
import type { RunReport } from '../../shared/report.ts';
import type { RunState } from '../../shared/run-state.ts';
import { failureLines } from './failure.ts';
import { runHead } from './run-frame.ts';
import { stepColumns, stepLine } from './step-line.ts';
import type { Style } from './style.ts';
import { count, cut, labelled, padEnd, shellWord } from './text.ts';
import { stateTone } from './words.ts';

/** The report of a run on a terminal. */
export function reportLines(report: RunReport, width: number, style: Style): string[] {
  const state: RunState = { ...report, schema: 'runbook.run/v1', state: report.outcome };
  const frame = { width, style, now: new Date(report.endedAt) };
  const columns = stepColumns(report.steps);
  return [
    ...runHead(state, frame),
    style.faint(
      cut(`${report.startedAt} to ${report.endedAt} · code ${report.codeVersion}`, width),
    ),
    '',
    ...report.steps.map((step) => stepLine(step, columns, frame.now, width, style)),
    ...report.steps
      .filter((step) => step.error !== undefined)
      .flatMap((step) => ['', ...failureLines(step, width, style)]),
    ...findingLines(report, width, style),
    ...decisionLines(report, width),
    '',
    ...resultLines(report, width, style),
  ];
}

/** The end of a run in a few lines: what became of it and what to do next. */
export function resultLines(report: RunReport, width: number, style: Style): string[] {
  const ms = Date.parse(report.endedAt) - Date.parse(report.startedAt);
  const tone = stateTone(report.outcome);
  const [first = '', ...rest] = wrapSummary(report, width);
  return [
    `${style[tone](first.slice(0, report.outcome.length))}${first.slice(report.outcome.length)}`,
    ...rest,
    ...(isCovered(report) ? [] : errorOf(report, width)),
    cut(
      `${count(report.steps.length, 'step')} in ${formatMs(Math.max(0, ms))} · ${changedWords(report)}`,
      width,
    ),
    `runbook report ${shellWord(report.run)}`,
  ];
}

const wrapSummary = (report: RunReport, width: number) =>
  labelled('', `${report.outcome}: ${report.summary}`, width);

/** The error of a failed step has been told with the step. */
function isCovered(report: RunReport): boolean {
  return report.error === undefined || report.summary.includes(report.error.what);
}

function errorOf({ error }: RunReport, width: number): string[] {
  if (error === undefined) return [];
  return [
    ...labelled('  what  ', `${error.code}: ${error.what}`, width),
    ...(error.why === undefined ? [] : labelled('  why   ', error.why, width)),
    ...(error.fix === undefined ? [] : labelled('  fix   ', error.fix, width)),
  ];
}

function changedWords({ plan, changed, outcome }: RunReport): string {
  if (plan) return 'nothing was changed';
  if (changed) return outcome === 'succeeded' ? 'changed' : 'changes are left in place';
  return 'nothing is changed';
}

function findingLines({ findings }: RunReport, width: number, style: Style): string[] {
  if (findings.length === 0) return [];
  const names = Math.min(28, Math.max(...findings.map((finding) => finding.name.length)));
  return [
    '',
    ...findings.map(({ name, value, ok }) => {
      const line = cut(`  ${padEnd(cut(name, names), names)}  ${verdict(ok)}${value}`, width);
      return ok === false ? style.bad(line) : line;
    }),
  ];
}

function verdict(ok: boolean | undefined): string {
  if (ok === undefined) return '';
  return ok ? 'ok: ' : 'NOT OK: ';
}

function decisionLines({ decisions }: RunReport, width: number): string[] {
  if (decisions.length === 0) return [];
  return [
    '',
    ...decisions.flatMap(({ at, action, step, by, why }) =>
      labelled(
        '  ',
        `${at} ${action}${step === undefined ? '' : ` ${step}`} by ${by}: ${why}`,
        width,
      ),
    ),
  ];
}
