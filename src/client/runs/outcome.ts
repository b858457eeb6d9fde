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
    case 'blocked':
      return exitCodes.refused;
    default:
      // Nothing is changed: a precondition refused the run before its first act.
      return report.changed ? exitCodes.needsPerson : exitCodes.refused;
  }
}

/** Whoever ended a run from outside left it half-way: a person has to look. */
export function exitCodeOfEnd(end: RunEnd): ExitCode {
  return end.report === undefined ? exitCodes.needsPerson : exitCodeOfReport(end.report);
}
