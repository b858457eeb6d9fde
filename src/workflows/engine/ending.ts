import {
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { shellWord } from '../../report/markdown-text.ts';
import { summarise } from '../../report/summary.ts';
import { type ErrorFacts, errorFacts } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { outsideWindowCode } from '../../shared/outside-window.ts';
import type { RunReport } from '../../shared/report.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { Outcome } from '../../shared/run-state.ts';
import { sweptCode } from '../../shared/sweep.ts';
import { classifyFailure, StepFailed } from './failures.ts';
import type { Run } from './run.ts';
import type { Stop } from './stop.ts';
import { isSuperseded } from './sweep.ts';

/** What a run's body came to. */
export interface Ending {
  readonly outcome: Outcome;
  readonly error?: ErrorFacts;
  /** Temporal's own cancel ends the workflow as Canceled. */
  readonly cancelled?: boolean;
  /** Whether something outside was changed and is still changed. */
  readonly changed: boolean;
}

/** What keeps a run from its first change without anything being wrong. */
const notAllowed = new Set([outsideWindowCode, 'RB_REJECTED', 'RB_APPROVAL_EXPIRED']);

/** The body went through: succeeded, unless a fan-out had errors, which its runbook allowed for to go on. */
export function endWell({ progress: { steps, acted: changed } }: Run): Ending {
  const failed = steps.find(({ targets, status }) => targets !== undefined && status === 'failed');
  return failed?.error === undefined
    ? { outcome: 'succeeded', changed }
    : { outcome: 'failed', error: failed.error, changed };
}

/** A step failed for good, or somebody stopped the run: undo what the mode says, and say how it stands. */
export async function endBadly(
  run: Run,
  resolved: ResolvedRun,
  stop: Stop,
  error: unknown,
): Promise<Ending> {
  if (isCancellation(error)) return endStopped(run, resolved, stop);
  const facts = factsOf(error);
  if (notAllowed.has(facts.code) && !run.progress.acted) {
    return { outcome: 'blocked', error: facts, changed: false };
  }
  if (facts.code === sweptCode) return undoAll(run, { outcome: 'stopped', changed: false });
  const undo = error instanceof StepFailed && error.next === 'undo';
  if (!undo || !run.progress.acted) {
    return { outcome: 'failed', error: facts, changed: run.progress.acted };
  }
  return undoAll(run, { outcome: 'undone', error: facts, changed: false });
}

async function endStopped(run: Run, resolved: ResolvedRun, stop: Stop): Promise<Ending> {
  const cancelled = stop.request === undefined;
  if (cancelled) {
    run.progress.decide({ action: 'cancel', by: 'Temporal', why: 'the workflow was cancelled' });
  }
  const mode = stop.request?.mode ?? resolved.onCancel;
  if (mode === 'here') return { outcome: 'stopped', cancelled, changed: run.progress.acted };
  return undoAll(run, { outcome: 'stopped', cancelled, changed: false });
}

function undoIncomplete({ progress: { steps } }: Run): ErrorFacts {
  const left = steps.filter(({ status }) => status === 'undo-failed').map(({ id }) => id);
  return {
    code: 'RB_UNDO_INCOMPLETE',
    what: 'stopped, and not everything could be undone',
    why: `what these steps did is still there: ${left.join(', ')}`,
    fix: `see why (\`runbook report ${shellWord(workflowInfo().workflowId)}\`), then undo it by hand`,
  };
}

const cancelledFacts: ErrorFacts = {
  code: 'RB_CANCELLED',
  what: 'cancelled',
  why: 'somebody cancelled the workflow or one of its activities from outside',
  fix: 'start it again when it may run: what is in place stays',
};

/** `undone` is how the run ends when nothing of what it did is left. */
async function undoAll(run: Run, undone: Ending): Promise<Ending> {
  if (!run.progress.acted) return undone;
  if (run.undo.isSealed) {
    return { ...undone, outcome: undone.error ? 'failed' : undone.outcome, changed: true };
  }
  run.progress.enter('undoing');
  try {
    const { complete } = await run.undo.unwind();
    return complete
      ? undone
      : { error: undoIncomplete(run), ...undone, outcome: 'failed', changed: true };
  } catch (error) {
    if (!isSuperseded(error)) throw error;
    return { ...undone, outcome: 'stopped', error: errorFacts(error) };
  }
}

function factsOf(error: unknown): ErrorFacts {
  if (error instanceof StepFailed) return error.facts;
  const failure = classifyFailure(error);
  return failure.kind === 'cancelled' ? cancelledFacts : failure.facts;
}

export function buildReport(run: Run, resolved: ResolvedRun, ending: Ending): RunReport {
  const { schema: _, state: __, ...facts } = run.progress.state();
  const report = {
    ...facts,
    execution: workflowInfo().firstExecutionRunId,
    codeVersion: resolved.codeVersion,
    params: run.params,
    endedAt: facts.endedAt ?? new Date().toISOString(),
    ...(run.approvedPlan ? { approvedPlan: run.approvedPlan } : {}),
    findings: run.findings,
  };
  // What the Temporal UI shows first of a long JSON text comes first.
  const { outcome, changed } = ending;
  const summary = summarise({ ...report, outcome, changed });
  return withinLimit({ schema: 'runbook.report/v1', outcome, summary, changed, ...report });
}

/** A report that would not fit into a payload loses its longest texts first: outputs, then findings. */
function withinLimit(report: RunReport): RunReport {
  const fits = (candidate: RunReport) => JSON.stringify(candidate).length <= limits.reportBytes;
  if (fits(report)) return report;
  const steps = report.steps.map(({ outputTail: _, ...step }) => step);
  // Each plan's digest stays; the approved one stands in the report by itself.
  const gates = report.gates?.map((gate) => ({ ...gate, plan: { ...gate.plan, lines: [] } }));
  const shorter = { ...report, steps, ...(gates ? { gates } : {}) };
  return fits(shorter) ? shorter : { ...shorter, findings: [] };
}

/** Returns the report of a run that went well; fails the workflow with it otherwise. */
export function conclude(report: RunReport, ending: Ending): RunReport {
  if (ending.outcome === 'succeeded' || ending.outcome === 'planned') return report;
  if (ending.cancelled) throw new CancelledFailure(report.summary, [report]);
  const type = ending.error?.code ?? 'RB_STOPPED';
  throw ApplicationFailure.create({
    message: report.summary,
    type,
    nonRetryable: true,
    details: [report],
  });
}
