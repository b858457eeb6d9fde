import {
  ApplicationFailure,
  defineQuery,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { refuse } from '../../shared/errors.ts';
import { limits } from '../../shared/limits.ts';
import { messages } from '../../shared/messages.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';
import type { RunState } from '../../shared/run-state.ts';
import { bindActivities } from './activities.ts';
import { classifyFailure } from './failures.ts';
import { Progress } from './progress.ts';

const stateQuery = defineQuery<RunState>(messages.state);

/** What is known before the input is: enough for a watcher and for the UI. */
export function openProgress(): Progress {
  const { workflowId, workflowType, startTime, searchAttributes } = workflowInfo();
  const scheduledFor = searchAttributes.TemporalScheduledStartTime?.[0];
  const progress = new Progress({
    run: workflowId,
    runbook: workflowType,
    title: workflowType,
    platform: '',
    trigger: 'ui',
    by: '',
    plan: false,
    onFailure: 'park',
    startedAt: startTime.toISOString(),
    ...(scheduledFor instanceof Date ? { scheduledFor: scheduledFor.toISOString() } : {}),
  });
  setHandler(stateQuery, () => progress.state(), { description: 'Where the run stands' });
  progress.changed();
  return progress;
}

/** Checks the input and pins files and defaults in history. Bad input ends the run here, untouched. */
export async function resolve(request: unknown, progress: Progress): Promise<ResolvedRun> {
  const { workflowId, firstExecutionRunId, workflowType, searchAttributes } = workflowInfo();
  try {
    refuseLargeInput(request);
    const ctx = {
      run: workflowId,
      execution: firstExecutionRunId,
      runbook: workflowType,
      platform: '',
      step: 'resolve',
      phase: 'probe' as const,
      attempt: 1,
      locks: [],
    };
    const call = { summary: 'check the input', limit: '30s', heartbeatTimeoutMs: 8000 } as const;
    const scheduled = searchAttributes.TemporalScheduledById !== undefined;
    const resolved = await bindActivities(ctx, call).resolve({ request, scheduled });
    const { title, platform, trigger, by, reason, plan, onFailure, retryOf, from } = resolved;
    progress.describe({
      ...{ title, platform, trigger, by, plan, onFailure },
      ...(reason === undefined ? {} : { reason }),
      ...(retryOf === undefined ? {} : { retryOf }),
      ...(from === undefined ? {} : { from }),
    });
    // Lists of runs show it; the server finds nothing by it, so it needs no search attribute.
    if (retryOf !== undefined) upsertMemo({ retryOf });
    return resolved;
  } catch (error) {
    throw refusal(error, progress);
  }
}

function refuseLargeInput(request: unknown): void {
  const bytes = new TextEncoder().encode(JSON.stringify(request) ?? '').length;
  if (bytes <= limits.inputBytes) return;
  throw refuse(
    'RB_INPUT_TOO_LARGE',
    `the input of the run has ${bytes} bytes`,
    `at most ${limits.inputBytes} are accepted: a history keeps them for ever`,
    'put large values into a file on the host and give its path',
  );
}

/** Ends a run that has touched nothing: its state and its failure say why. */
export function refusal(error: unknown, progress: Progress): unknown {
  const failure = classifyFailure(error);
  if (failure.kind === 'cancelled') return error;
  progress.describe({ error: failure.facts });
  progress.finish('failed');
  const { code, what, why, fix } = failure.facts;
  const message = [what, why, fix].filter(Boolean).join('\n');
  return ApplicationFailure.create({ message, type: code, nonRetryable: true, details: [failure] });
}
