import { exitCodes } from '../../shared/exit-codes.ts';
import type { RunReport } from '../../shared/report.ts';
import type { ExitCode } from '../session.ts';
import type { RunEnd } from './api.ts';

/** The exit code that says what became of a run. */
export function exitCodeOfReport(report: RunReport): ExitCode {
  switch (report.outcome) {
    case 'succeeded':
    case 'planned':
      return exitCodes.done;
    case 'undone':
      return exitCodes.undone;
    case 'stopped':
      return exitCodes.stopped;
    default:
      return wasRefused(report) ? exitCodes.refused : exitCodes.needsPerson;
  }
}

/** Nothing is changed and no step tried to change anything: a precondition refused the run. */
function wasRefused({ changed, steps }: RunReport): boolean {
  return !changed && !steps.some((step) => step.risk !== 'read' && step.tries > 0);
}

/** Whoever ended a run from outside left it half-way: a person has to look. */
export function exitCodeOfEnd(end: RunEnd): ExitCode {
  return end.report === undefined ? exitCodes.needsPerson : exitCodeOfReport(end.report);
}
