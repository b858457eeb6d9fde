import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { expect, test } from 'vitest';
import { endOf } from '../../../src/client/runs/end.ts';
import { report } from '../support/samples.ts';

const ended = (result: () => Promise<unknown>, query: () => Promise<unknown> = result) =>
  endOf({ workflowId: 'deploy-1', result, query } as unknown as WorkflowHandle);
const failed = (cause: Error, query?: () => Promise<unknown>) =>
  ended(async () => {
    throw new WorkflowFailedError('failed', cause, 'NON_RETRYABLE_FAILURE');
  }, query);

test('the report is the result, the details of the failure, or what a cancelled run answers', async () => {
  const facts = report();
  const failure = ApplicationFailure.create({ message: 'x', details: [facts] });
  expect(await ended(async () => facts)).toEqual({ report: facts });
  expect(await failed(failure)).toEqual({ report: facts });
  expect(await failed(new CancelledFailure('x'), async () => facts)).toEqual({ report: facts });
});

test('a cancelled run that nobody answers for is not said to have undone nothing', async () => {
  const end = await failed(new CancelledFailure('x'));
  expect(end).toMatchObject({ error: { why: expect.stringContaining('none answers') } });
});

test('a run that was refused before its first step carries its error', async () => {
  const facts = { code: 'RB_INPUT_INVALID', what: 'a problem', why: 'params.x', fix: 'correct it' };
  const cause = ApplicationFailure.create({
    message: 'RB_INPUT_INVALID: a problem',
    type: 'RB_INPUT_INVALID',
    details: [{ kind: 'failed', facts }],
  });
  expect(await failed(cause)).toEqual({ how: 'failed', error: facts });
});

test('a run that was terminated says that nothing was undone', async () => {
  expect(await failed(new TerminatedFailure('boom'))).toMatchObject({
    how: 'was terminated',
    error: {
      code: 'RB_NO_REPORT',
      what: 'the run was terminated: boom',
      fix: expect.stringMatching(/runbook sweep deploy-1 .*runbook retry deploy-1 /),
    },
  });
});

test('an error of the connection is not the end of a run', async () => {
  const error = new Error('connection lost');
  await expect(
    ended(async () => {
      throw error;
    }),
  ).rejects.toBe(error);
});
