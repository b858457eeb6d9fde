import { isCancellation, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { serviceWorkflows } from '../../shared/messages.ts';
import type {
  Notification,
  NotificationEvent,
  NotificationOrder,
} from '../../shared/notification.ts';
import type { ResolvedRun } from '../../shared/resolved-run.ts';

type News = Pick<Notification, 'state' | 'summary' | 'step' | 'error' | 'commands'>;

/** Sends word of a run to whom its platform names for such events; at most one child a call. */
export class Notifier {
  private readonly resolved: ResolvedRun;
  private sent = 0;

  constructor(resolved: ResolvedRun) {
    this.resolved = resolved;
  }

  async tell(events: readonly NotificationEvent[], news: News): Promise<void> {
    const { notify, platform, plan } = this.resolved;
    const told = events.find((event) => notify.some(({ on }) => on.includes(event)));
    if (plan || told === undefined) return;
    const targets = notify.filter(({ on }) => on.some((event) => events.includes(event)));
    const {
      workflowId: run,
      firstExecutionRunId: execution,
      workflowType: runbook,
    } = workflowInfo();
    const order: NotificationOrder = {
      targets: targets.map(({ name }) => name),
      notification: {
        schema: 'runbook.notification/v1',
        event: told,
        ...{ run, execution, runbook, platform },
        ...news,
      },
    };
    this.sent += 1;
    try {
      await startChild(serviceWorkflows.notify, {
        workflowId: `notify/${run}/${this.sent}`,
        args: [order],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `word of ${run}: ${told}`,
      });
    } catch (error) {
      // After a reset the same word may be on its way already; no run fails because of it.
      if (isCancellation(error)) throw error;
    }
  }
}
