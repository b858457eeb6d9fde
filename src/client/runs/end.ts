import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import type { ErrorFacts } from '../../shared/errors.ts';
import { messages } from '../../shared/messages.ts';
import type { RunReport } from '../../shared/report.ts';
import { shellWord } from '../render/text.ts';
import type { EndWithoutReport, RunEnd } from './api.ts';

/**
 * A run hands over its report as its result, or in the details of its failure. A cancelled workflow has
 * neither and answers a query for it.
 */
export async function endOf(handle: WorkflowHandle): Promise<RunEnd> {
  try {
    const result: unknown = await handle.result();
    return isReport(result) ? { report: result } : refused('RB_NO_REPORT', '', undefined);
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const asked = error.cause instanceof CancelledFailure ? await queryReport(handle) : undefined;
    return asked ? { report: asked } : endOfFailure(handle.workflowId, error.cause);
  }
}

async function queryReport(handle: WorkflowHandle): Promise<RunReport | undefined> {
  const answer: unknown = await handle.query(messages.report).catch(() => undefined);
  return isReport(answer) ? answer : undefined;
}

function endOfFailure(run: string, cause: Error | undefined): RunEnd {
  if (cause instanceof ApplicationFailure) {
    const [report] = cause.details ?? [];
    if (isReport(report)) return { report };
  }
  const message = cause?.message ?? '';
  if (cause instanceof ApplicationFailure) {
    // A run that was refused before its first step carries the error itself.
    const [refusal] = (cause.details ?? []) as [{ readonly facts?: ErrorFacts }?];
    return refused(cause.type ?? 'RB_NO_REPORT', message, refusal?.facts);
  }
  if (cause instanceof TerminatedFailure) return endedFromOutside(run, 'was terminated', message);
  if (cause instanceof TimeoutFailure) return endedFromOutside(run, 'timed out', message);
  return cancelledUnheard();
}

function endedFromOutside(run: string, how: string, reason: string): EndWithoutReport {
  const error = {
    code: 'RB_NO_REPORT',
    what: `the run ${how}${reason === '' ? '' : `: ${reason}`}`,
    why: 'it was ended from outside, so nothing was undone and no report was written',
    fix:
      `runbook sweep ${shellWord(run)} undoes what it did; runbook retry ${shellWord(run)} ` +
      'does it again and goes on from what is in place',
  };
  return { how, error };
}

function cancelledUnheard(): EndWithoutReport {
  const error = {
    code: 'RB_NO_REPORT',
    what: 'the run was cancelled, and nobody can say what became of it',
    why: 'a worker has to be asked for the report of a cancelled run, and none answers',
    fix: 'start a worker with runbook up, then ask again',
  };
  return { how: 'was cancelled', error };
}

function refused(code: string, message: string, facts: ErrorFacts | undefined): EndWithoutReport {
  const error = {
    code,
    what: message || 'the run failed without a report',
    why: 'the run failed before it could write a report',
    fix: 'correct what it names, then start it again',
    ...facts,
  };
  return { how: 'failed', error };
}

function isReport(value: unknown): value is RunReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schema' in value &&
    value.schema === 'runbook.report/v1'
  );
}
