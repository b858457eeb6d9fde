import { searchAttributes, serviceWorkflows, taskQueue } from '../../shared/messages.ts';
import type { RunStateName } from '../../shared/run-state.ts';
import type { Link } from '../connection.ts';
import type { RunFilter, RunRow } from './api.ts';
import { toRow } from './row.ts';

/** Newest first. */
export async function listRuns(link: Link, filter: RunFilter): Promise<readonly RunRow[]> {
  const rows = new Map<string, RunRow>();
  const pages = link.client.workflow.list({
    query: listQuery(filter),
    pageSize: Math.min(filter.limit, 1000),
  });
  for await (const info of pages) {
    const row = toRow(info);
    const known = rows.get(row.run);
    // A run that was reset is one run: its latest execution stands for it.
    if (known === undefined || row.startedAt > known.startedAt) rows.set(row.run, row);
    if (rows.size === filter.limit) break;
  }
  return [...rows.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Of a run that may have its locks: one that was ended before that has changed nothing. */
const workingStates: readonly RunStateName[] = [
  'running',
  'parked',
  'held',
  'waiting-for-approval',
  'undoing',
];

/** Not by what a run says of itself: one whose code fails from the start has said nothing. */
export function listQuery({ open, gone, runbook, platform }: RunFilter): string {
  const others = Object.values(serviceWorkflows).map(literal).join(', ');
  return [
    `TaskQueue = ${literal(taskQueue)}`,
    `WorkflowType NOT IN (${others})`,
    ...(open === true ? ['ExecutionStatus = "Running"'] : []),
    ...(gone === true
      ? [
          'ExecutionStatus IN ("Terminated", "TimedOut")',
          `${searchAttributes.state} IN (${workingStates.map(literal).join(', ')})`,
          `${searchAttributes.plan} = false`,
        ]
      : []),
    ...(runbook === undefined ? [] : [`WorkflowType = ${literal(runbook)}`]),
    ...(platform === undefined ? [] : [`${searchAttributes.platform} = ${literal(platform)}`]),
  ].join(' AND ');
}

/** A text inside a visibility query; quotes would end it early. */
const literal = (text: string) => JSON.stringify(text.replaceAll(/["'\\]/g, ''));
