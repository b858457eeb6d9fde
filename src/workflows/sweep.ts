import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { SweepAnswer, SweepOrder } from '../shared/sweep.ts';

const { markSwept, reviveRun, stopRevived } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 5 },
});

/**
 * Lets a run that was ended from outside go on, only to undo what it did. The host is told first, so that the
 * run can do nothing else from its first moment on; the stop is for one that waits and would not notice.
 */
export async function runbookSweep(order: SweepOrder): Promise<SweepAnswer> {
  if (!(await markSwept(order))) return 'nothing-kept';
  if (!(await reviveRun(order))) return 'never-began';
  await stopRevived(order);
  return 'revived';
}
