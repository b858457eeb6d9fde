import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { searchAttributes } from '../../shared/messages.ts';
import type { Link } from '../connection.ts';
import type { RunFilter, RunRow } from './api.ts';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const keys = {
  platform: keyword(searchAttributes.platform),
  state: keyword(searchAttributes.state),
  step: keyword(searchAttributes.step),
  trigger: keyword(searchAttributes.trigger),
  plan: defineSearchAttributeKey(searchAttributes.plan, SearchAttributeType.BOOL),
};

/** Newest first. */
export async function listRuns(link: Link, filter: RunFilter): Promise<readonly RunRow[]> {
  const rows: RunRow[] = [];
  const pages = link.client.workflow.list({
    query: listQuery(filter),
    pageSize: Math.min(filter.limit, 1000),
  });
  for await (const info of pages) {
    rows.push(toRow(info));
    if (rows.length === filter.limit) break;
  }
  return rows.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

export function listQuery({ open, runbook, platform }: RunFilter): string {
  return [
    `${searchAttributes.state} IS NOT NULL`,
    ...(open === true ? ['ExecutionStatus = "Running"'] : []),
    ...(runbook === undefined ? [] : [`WorkflowType = ${literal(runbook)}`]),
    ...(platform === undefined ? [] : [`${searchAttributes.platform} = ${literal(platform)}`]),
  ].join(' AND ');
}

/** A text inside a visibility query; quotes would end it early. */
const literal = (text: string) => JSON.stringify(text.replaceAll(/["'\\]/g, ''));

function toRow(info: WorkflowExecutionInfo): RunRow {
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
