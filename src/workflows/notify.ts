import { ApplicationFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { NotificationOrder } from '../shared/notification.ts';

/** A receiver that is away for a night is told in the morning; longer than that nobody cares. */
const { sendNotification } = proxyActivities<Activities>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '12h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/** Tells every target of one event. It outlives its run, so that no run waits for a receiver. */
export async function runbookNotify({ notification, targets }: NotificationOrder): Promise<void> {
  const { workflowId } = workflowInfo();
  const answers = await Promise.allSettled(
    targets.map((target) =>
      sendNotification({ notification, target, delivery: `${workflowId}/${target}` }),
    ),
  );
  const refusals = answers.flatMap((answer) => {
    if (answer.status === 'rejected') return ['a receiver was away for too long'];
    return answer.value === null ? [] : [answer.value];
  });
  if (refusals.length === 0) return;
  // Nobody waits for this, but it is red in the list of workflows.
  const why = refusals.join('; ');
  const facts = {
    code: 'RB_NOTIFICATION_REFUSED',
    what: 'a message was not delivered',
    why,
    fix: 'correct notify in the platform file, or the variables of the worker that it names',
  };
  throw ApplicationFailure.nonRetryable(why, facts.code, { facts });
}
