import { searchAttributes, serviceWorkflows, taskQueue } from '../../shared/messages.ts';
import type { Link } from '../connection.ts';
import type { RunFilter, RunRow } from './api.ts';
import { toRow } from './row.ts';

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

/** Not by what a run says of itself: one whose code fails from the start has said nothing. */
export function listQuery({ open, runbook, platform }: RunFilter): string {
  const others = Object.values(serviceWorkflows).map(literal).join(', ');
  return [
    `TaskQueue = ${literal(taskQueue)}`,
    `WorkflowType NOT IN (${others})`,
    ...(open === true ? ['ExecutionStatus = "Running"'] : []),
    ...(runbook === undefined ? [] : [`WorkflowType = ${literal(runbook)}`]),
    ...(platform === undefined ? [] : [`${searchAttributes.platform} = ${literal(platform)}`]),
  ].join(' AND ');
}

/** A text inside a visibility query; quotes would end it early. */
const literal = (text: string) => JSON.stringify(text.replaceAll(/["'\\]/g, ''));
