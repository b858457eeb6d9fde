import { setFlags } from '../../report/set-flags.ts';
import { departsWords } from '../../report/words.ts';
import { changeWords } from '../../shared/param-changes.ts';
import type { RunReport } from '../../shared/report.ts';
import type { RunState } from '../../shared/run-state.ts';
import { factLines } from './error.ts';
import { failureLines, hasTrouble } from './failure.ts';
import { gateLines } from './gate.ts';
import { runHead } from './run-frame.ts';
import { stepColumns, stepLine } from './step-line.ts';
import type { Style } from './style.ts';
import { cut, labelled, padEnd, shellWord, wrap } from './text.ts';
import { stateTone } from './words.ts';

/** A report as the last state of its run: it is drawn the same way. */
export function reportState(report: RunReport): RunState {
  return { ...report, schema: 'runbook.run/v1', state: report.outcome };
}

/** The report of a run on a terminal. */
export function reportLines(report: RunReport, width: number, style: Style): string[] {
  const state = reportState(report);
  const frame = { width, style, now: new Date(report.endedAt) };
  const columns = stepColumns(report.steps, width);
  return [
    ...runHead(state, frame),
    style.faint(
      cut(`${report.startedAt} to ${report.endedAt} · code ${report.codeVersion}`, width),
    ),
    '',
    ...report.steps.map((step) => stepLine(step, columns, frame.now, width, style)),
    ...troubleLines(report, width, style),
    ...findingLines(report, width, style),
    ...approvalLines(report, width),
    ...decisionLines(report, width),
    '',
    ...wrap(report.summary, width).map(style[stateTone(report.outcome)]),
  ];
}

/** The end of a run in a few lines: what became of it and where the rest stands, to be copied. */
export function resultLines(
  report: RunReport,
  link: string | undefined,
  width: number,
  style: Style,
): string[] {
  return [
    ...wrap(report.summary, width).map(style[stateTone(report.outcome)]),
    ...againLines(report),
    ...report.findings.flatMap(({ run }) =>
      run === undefined ? [] : [`  next    runbook watch ${shellWord(run)}`],
    ),
    `  report  runbook report ${shellWord(report.run)} --html`,
    ...(link === undefined ? [] : [`  UI      ${link}`]),
  ];
}

/** A run that only looked is simply repeated once the cause is gone; after a change a person looks first. */
function againLines({ outcome, changed, plan, runbook, platform, params }: RunReport): string[] {
  const isOver = outcome === 'failed' && !changed && !plan;
  const start = `runbook start ${runbook} --platform ${shellWord(platform)}${setFlags(params)}`;
  return isOver ? [`  again   ${start}`] : [];
}

/** Why a run ended as it did: its failed steps and undos, or an error that belongs to no step. */
export function troubleLines(report: RunReport, width: number, style: Style): string[] {
  const { error, steps } = report;
  const isOfStep = steps.some((step) => step.error !== undefined);
  return [
    ...(error === undefined || isOfStep
      ? []
      : ['', ...factLines('error', error, {}, width, style)]),
    ...steps.filter(hasTrouble).flatMap((step) => ['', ...failureLines(step, width, style)]),
  ];
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

function approvalLines({ gates = [] }: RunReport, width: number): string[] {
  return gates.length === 0 ? [] : ['', ...gates.flatMap((gate) => gateLines(gate, width))];
}

function decisionLines({ decisions }: RunReport, width: number): string[] {
  if (decisions.length === 0) return [];
  return [
    '',
    ...decisions.flatMap(({ at, action, step, by, why, changes, departsFromPlan }) =>
      labelled(
        '  ',
        `${at} ${action}${step === undefined ? '' : ` ${step}`} by ${by}: ${why}${changes ? ` (${changeWords(changes)})` : ''}${
          departsFromPlan ? `; ${departsWords}` : ''
        }`,
        width,
      ),
    ),
  ];
}
