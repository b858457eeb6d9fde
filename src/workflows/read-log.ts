import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { LogRequest, RunLog } from '../shared/run-log.ts';

const { readLog } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 3 },
});

/** Brings a run's kept output from the worker's host to whoever asks: the CLI talks to Temporal only. */
export async function runbookReadLog(request: LogRequest): Promise<RunLog> {
  return readLog(request);
}
