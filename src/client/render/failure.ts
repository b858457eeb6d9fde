import type { StepRecord } from '../../shared/run-state.ts';
import type { Style } from './style.ts';
import { cut, labelled, printable } from './text.ts';

const tailLines = 6;

/** Why a step failed, what to do, since when it waits for that, and the end of what it printed. */
export function failureLines(
  step: StepRecord,
  width: number,
  style: Style,
  waiting: readonly string[] = [],
): string[] {
  const { error, id, tries, lost } = step;
  if (error === undefined) return [];
  const attempts = `${tries === 1 ? '1 try' : `${tries} tries`}${lost > 0 ? `, ${lost} lost` : ''}`;
  return [
    ...labelled('  ', `${id}: ${error.what} (${error.code}, ${attempts})`, width).map(style.bad),
    ...(error.why === undefined ? [] : labelled('    why   ', error.why, width)),
    ...(error.fix === undefined ? [] : labelled('    fix   ', error.fix, width)),
    ...waiting,
    ...outputLines(step.outputTail ?? '', width, style),
  ];
}

function outputLines(output: string, width: number, style: Style): string[] {
  const lines = printable(output).trimEnd().split('\n').slice(-tailLines);
  if (lines.length === 1 && lines[0] === '') return [];
  return lines.map((line) => style.faint(`    │ ${cut(line, width - 6)}`));
}
