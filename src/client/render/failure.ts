import type { ErrorFacts } from '../../shared/errors.ts';
import type { StepRecord } from '../../shared/run-state.ts';
import type { Style } from './style.ts';
import { cut, labelled, printable } from './text.ts';

const tailLines = 6;

/** Why the undo of a step failed, if that is how the step stands now. */
export function undoErrorOf({ status, undoError }: StepRecord): ErrorFacts | undefined {
  return status === 'undo-failed' ? undoError : undefined;
}

/** Whether there is something that `failureLines` tells. */
export function hasTrouble(step: StepRecord): boolean {
  return step.error !== undefined || undoErrorOf(step) !== undefined;
}

/** Why a step, or its undo, failed, what to do, since when it waits for that, and the end of what it printed. */
export function failureLines(
  step: StepRecord,
  width: number,
  style: Style,
  waiting: readonly string[] = [],
): string[] {
  const { error, id, tries, lost } = step;
  const undoError = undoErrorOf(step);
  if (error === undefined && undoError === undefined) return [];
  const attempts = `${tries === 1 ? '1 try' : `${tries} tries`}${lost > 0 ? `, ${lost} lost` : ''}`;
  return [
    ...(error === undefined ? [] : errorLines(id, error, `, ${attempts}`, width, style)),
    ...(undoError === undefined ? [] : errorLines(`undo of ${id}`, undoError, '', width, style)),
    ...waiting,
    ...outputLines(step.outputTail ?? '', width, style),
  ];
}

function errorLines(
  of: string,
  { code, what, why, fix }: ErrorFacts,
  attempts: string,
  width: number,
  style: Style,
): string[] {
  return [
    ...labelled('  ', `${of}: ${what} (${code}${attempts})`, width).map(style.bad),
    ...(why === undefined ? [] : labelled('    why   ', why, width)),
    ...(fix === undefined ? [] : labelled('    fix   ', fix, width)),
  ];
}

function outputLines(output: string, width: number, style: Style): string[] {
  const lines = printable(output).trimEnd().split('\n').slice(-tailLines);
  if (lines.length === 1 && lines[0] === '') return [];
  return lines.map((line) => style.faint(`    │ ${cut(line, width - 6)}`));
}
