import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { RequestAnswer, RequestCheck } from '../shared/request-check.ts';

const { checkRequest } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 3 },
});

/** Asks the worker, which has the files, whether a run could begin: the CLI talks to Temporal only. */
export async function runbookCheckRequest(check: RequestCheck): Promise<RequestAnswer> {
  return checkRequest(check);
}
