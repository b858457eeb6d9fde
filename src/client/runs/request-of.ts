import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { type RunRequest, RunRequestSchema } from '../../shared/run-request.ts';
import type { Link } from '../connection.ts';

/** What a run was started with, from the first event of its history, which a reset keeps. */
export async function requestOf(link: Link, run: string): Promise<RunRequest | undefined> {
  const { history } = await link.connection.workflowService.getWorkflowExecutionHistory({
    namespace: link.namespace,
    execution: { workflowId: run },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [input = {}] = await decodeArrayFromPayloads(
    link.client.options.loadedDataConverter,
    started?.input?.payloads,
  );
  return RunRequestSchema.safeParse(input).data;
}
