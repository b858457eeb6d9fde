import { expect, test } from 'vitest';
import { failingTask } from '../../../src/client/runs/failing-task.ts';
import { troubleIn } from '../../../src/client/runs/task-failure.ts';

const eventTime = { seconds: 1_764_000_000, nanos: 5e8 };
const failed = (message: string, cause = 14) => ({
  eventTime,
  workflowTaskFailedEventAttributes: {
    cause,
    failure: { message, stackTrace: `TypeError: ${message}\n    at deploy (deploy.ts:4:9)` },
  },
});
const completed = { workflowTaskCompletedEventAttributes: {} };
const other = { eventTime };

test('the newest failure counts, with its place in the code', () => {
  const failure = troubleIn([other, failed('new'), failed('old'), completed]);
  expect(failure).toMatchObject({ message: 'new', at: '2025-11-24T16:00:00.500Z' });
  if (typeof failure !== 'object') throw new Error('no words');
  expect(failingTask('r', failure)).toMatchObject({
    code: 'RB_WORKFLOW_TASK_FAILING',
    what: 'the run stands still: its workflow code fails',
    why: 'new, at deploy (deploy.ts:4:9)',
  });
});

test('a failure from before the last task that was done is no trouble any more', () => {
  expect(troubleIn([other, completed, failed('old')])).toBeUndefined();
});

test('tasks that only timed out went unanswered; words of a failure before them say more', () => {
  const timedOut = { workflowTaskTimedOutEventAttributes: {} };
  expect(troubleIn([other, timedOut, completed])).toBe('unanswered');
  expect(troubleIn([timedOut, failed('words'), completed])).toMatchObject({ message: 'words' });
  expect(troubleIn([completed, timedOut])).toBeUndefined();
});

test('news that came in between, a cache that was given up and a reset are no failures of code', () => {
  const harmless = [1, 13, 18, 20].map((cause) => failed('harmless', cause));
  expect(troubleIn([...harmless, completed])).toBeUndefined();
});

test('a failure without words names its cause', () => {
  const silent = { workflowTaskFailedEventAttributes: { cause: 23 } };
  expect(troubleIn([silent])).toMatchObject({ message: expect.stringContaining('number 23') });
});

test('code that does not match the history leads to the old version, or to a reset', () => {
  const message = '[TMPRL1100] Nondeterminism error: No command scheduled for event';
  expect(failingTask("it's", { message, stack: '' })).toMatchObject({
    what: expect.stringContaining('does not match its history'),
    why: message,
    fix: expect.stringContaining(
      `temporal workflow reset --workflow-id 'it'\\''s' --type FirstWorkflowTask`,
    ),
  });
});
