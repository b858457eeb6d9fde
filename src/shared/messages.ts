/** Names of workflow types, queues, queries, updates, signals and search attributes, for both sides. */
export const taskQueue = 'runbook';

export const messages = {
  state: 'state',
  report: 'report',
  decide: 'decide',
  stop: 'stop',
  hold: 'hold',
  release: 'release',
  approve: 'approve',
  reject: 'reject',
  lockRequest: 'lock-request',
  lockRelease: 'lock-release',
  lockGranted: 'lock-granted',
  lockWaiting: 'lock-waiting',
  lockState: 'lock-state',
  lockBreak: 'lock-break',
} as const;

/** The service workflows: what is not a runbook. */
export const serviceWorkflows = {
  lock: 'runbook-lock',
  readLog: 'runbook-read-log',
  checkRequest: 'runbook-check-request',
  notify: 'runbook-notify',
  sweep: 'runbook-sweep',
  secretsReport: 'runbook-secrets-report',
} as const;

export const searchAttributes = {
  platform: 'RunbookPlatform',
  state: 'RunbookState',
  step: 'RunbookStep',
  trigger: 'RunbookTrigger',
  plan: 'RunbookPlan',
} as const;

/** The workflow id of a resource's lock. */
export const lockWorkflowId = (key: string) => `lock/${key}`;
