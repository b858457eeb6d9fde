import {
  ActivityFailure,
  ApplicationFailure,
  TimeoutFailure,
  WorkflowFailedError,
} from '@temporalio/client';
import { expect, test } from 'vitest';
import { askService } from '../../../src/client/runs/service.ts';

type Link = Parameters<typeof askService>[0];

/** A server on which every service workflow fails with the cause. */
function failingWith(cause: Error): Link {
  const execute = () =>
    Promise.reject(new WorkflowFailedError('failed', cause, 'NON_RETRYABLE_FAILURE'));
  return { client: { workflow: { execute } } } as unknown as Link;
}

const activityFailed = (cause: Error) =>
  new ActivityFailure('failed', 'readLog', '1', 'NON_RETRYABLE_FAILURE', 'worker', cause);
const service = { type: 'runbook-read-log', id: 'read-log/r' };

test('what the worker refuses is thrown with its own code, why and fix', async () => {
  const facts = { code: 'RB_NO_LOG', what: 'no output is kept', why: 'a', fix: 'b' };
  const refusal = ApplicationFailure.create({ type: facts.code, details: [{ facts }] });
  const asked = askService(failingWith(activityFailed(refusal)), service, {});
  await expect(asked).rejects.toMatchObject({
    ...{ code: 'RB_NO_LOG', message: 'no output is kept', why: 'a', fix: 'b' },
  });
});

test('what nobody foresaw is thrown as it is', async () => {
  const late = activityFailed(new TimeoutFailure('late', undefined, 'START_TO_CLOSE'));
  await expect(askService(failingWith(late), service, {})).rejects.toBeInstanceOf(
    WorkflowFailedError,
  );
});
