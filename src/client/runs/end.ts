import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import type { RunReport } from '../../shared/report.ts';
import type { RunEnd } from './api.ts';

/** A run hands over its report as its result, or in the details of its failure. */
export async function endOf(handle: WorkflowHandle): Promise<RunEnd> {
  try {
    const result: unknown = await handle.result();
    return isReport(result) ? { report: result } : withoutReport('completed', 'RB_NO_REPORT', '');
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return endOfFailure(error.cause);
  }
}

function endOfFailure(cause: Error | undefined): RunEnd {
  if (cause instanceof ApplicationFailure || cause instanceof CancelledFailure) {
    const [report] = cause.details ?? [];
    if (isReport(report)) return { report };
  }
  const message = cause?.message ?? '';
  if (cause instanceof ApplicationFailure) {
    return withoutReport('failed', cause.type ?? 'RB_NO_REPORT', message);
  }
  if (cause instanceof TerminatedFailure)
    return withoutReport('terminated', 'RB_NO_REPORT', message);
  if (cause instanceof TimeoutFailure) return withoutReport('timed out', 'RB_NO_REPORT', message);
  return withoutReport('cancelled', 'RB_NO_REPORT', message);
}

function withoutReport(how: string, code: string, message: string): RunEnd {
  const fix =
    how === 'failed'
      ? 'correct what it names, then start it again'
      : 'look at what it left (runbook doctor), then start it again: what is in place stays';
  return {
    how,
    error: { code, what: message || `the run ${how} without a report`, why: `the run ${how}`, fix },
  };
}

function isReport(value: unknown): value is RunReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schema' in value &&
    value.schema === 'runbook.report/v1'
  );
}
