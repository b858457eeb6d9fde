import type { WorkflowExecutionInfo } from '@temporalio/client';
import { searchAttributeKeys as keys } from '../../shared/search-attribute-keys.ts';
import type { RunRow } from './api.ts';

type Facts = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'type' | 'status' | 'typedSearchAttributes' | 'startTime' | 'closeTime' | 'memo'
>;

/** A run as the server describes it, in the words that the run itself has left there. */
export function toRow(info: Facts): RunRow {
  const attributes = info.typedSearchAttributes;
  const open = info.status.name === 'RUNNING' || info.status.name === 'PAUSED';
  return {
    run: info.workflowId,
    runbook: info.type,
    platform: attributes.get(keys.platform) ?? '',
    state: stateWord(info.status.name, attributes.get(keys.state) ?? 'resolving'),
    step: attributes.get(keys.step) ?? '',
    trigger: attributes.get(keys.trigger) ?? '',
    plan: attributes.get(keys.plan) ?? false,
    ...(typeof info.memo?.retryOf === 'string' ? { retryOf: info.memo.retryOf } : {}),
    open,
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime === undefined ? {} : { endedAt: info.closeTime.toISOString() }),
  };
}

/** A run that the server ended has not had the time to say so itself. */
function stateWord(status: WorkflowExecutionInfo['status']['name'], own: string): string {
  if (status === 'TERMINATED') return 'terminated';
  return status === 'TIMED_OUT' ? 'timed-out' : own;
}

/** Whether the server ended it from outside: there is no report, and nothing was undone. */
export const isGone = ({ open, state }: RunRow): boolean =>
  !open && (state === 'terminated' || state === 'timed-out');
