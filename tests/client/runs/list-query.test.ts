import { expect, test } from 'vitest';
import { listQuery } from '../../../src/client/runs/list.ts';
import { newRunId } from '../../../src/client/runs/run-id.ts';

/** A run whose code fails from the start has set no attribute, and is one all the same. */
const allRuns =
  'TaskQueue = "runbook" AND WorkflowType NOT IN ("runbook-lock", "runbook-read-log", "runbook-check-request", "runbook-notify", "runbook-sweep", "runbook-secrets-report")';

test('only runs of runbooks are listed, filtered by what was asked', () => {
  expect(listQuery({ limit: 5 })).toBe(allRuns);
  expect(listQuery({ limit: 5, open: true, runbook: 'deploy', platform: 'lab' })).toBe(
    `${allRuns} AND ExecutionStatus = "Running" AND WorkflowType = "deploy" AND RunbookPlatform = "lab"`,
  );
});

test('gone runs are those that were ended from outside while they worked', () => {
  expect(listQuery({ limit: 5, gone: true })).toBe(
    `${allRuns} AND ExecutionStatus IN ("Terminated", "TimedOut") AND ` +
      'RunbookState IN ("running", "parked", "held", "waiting-for-approval", "undoing") AND RunbookPlan = false',
  );
});

test('a quote cannot leave its literal', () => {
  expect(listQuery({ limit: 5, runbook: 'x" OR "1"="1' })).toBe(
    `${allRuns} AND WorkflowType = "x OR 1=1"`,
  );
});

test('a run id says what, where and when', () => {
  const id = newRunId('deploy', 'lab', new Date('2026-11-24T14:59:03Z'));
  expect(id).toMatch(/^deploy-lab-20261124-145903-[0-9a-f]{4}$/);
});
