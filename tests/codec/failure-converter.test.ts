import {
  ActivityFailure,
  ApplicationFailure,
  defaultPayloadConverter,
  RetryState,
} from '@temporalio/common';
import { expect, test } from 'vitest';
import { keyUnknown } from '../../src/codec/errors.ts';
import { failureConverter } from '../../src/codec/failure-converter.ts';

const canary = 'canary-4711';
const sealed = (error: unknown) => failureConverter.errorToFailure(error, defaultPayloadConverter);
const opened = (failure: ReturnType<typeof sealed>) =>
  failureConverter.failureToError(failure, defaultPayloadConverter);

/** A failure without the payloads that the codec encrypts. */
const inTheOpen = (failure: ReturnType<typeof sealed>) =>
  JSON.stringify(failure, (key, value) =>
    key === 'encodedAttributes' || key === 'details' ? undefined : value,
  );

const withDetails = (...details: unknown[]) =>
  ApplicationFailure.create({ type: 'RB_NOT_HEALTHY', message: canary, details });

test('message and stack move into a payload; type and whether a retry helps stay', () => {
  const error = ApplicationFailure.create({
    type: 'RB_NOT_HEALTHY',
    message: canary,
    nonRetryable: true,
    cause: new Error(`because of ${canary}`),
  });
  const failure = sealed(error);
  expect(inTheOpen(failure)).not.toContain(canary);
  expect(failure).toMatchObject({
    message: 'RB_NOT_HEALTHY (its message is in encodedAttributes)',
    applicationFailureInfo: { type: 'RB_NOT_HEALTHY', nonRetryable: true },
  });
  const back = opened(failure);
  expect(back).toMatchObject({ message: canary, type: 'RB_NOT_HEALTHY' });
  expect(back.stack).toContain('failure-converter.test.ts');
  expect(back.cause).toMatchObject({ message: `because of ${canary}` });
});

test.each([
  ['an attempt', { facts: { code: 'RB_NOT_HEALTHY', what: canary }, step: 'start-web' }],
  [
    'a report',
    {
      steps: [
        { id: 'one', status: 'done' },
        { id: 'start-web', status: 'undone', error: { code: 'RB_NOT_HEALTHY' } },
      ],
    },
  ],
])('the failure of %s names its step in the open', (_what, details) => {
  const { message } = sealed(withDetails(details));
  expect(message).toBe('RB_NOT_HEALTHY in step start-web (its message is in encodedAttributes)');
});

test.each([
  ['no details', []],
  ['null', [null]],
  ['a text', ['text']],
  ['steps that are none', [{ steps: 'none' }]],
  ['a step that is no name', [{ step: `x ${canary}` }]],
])('details of another kind, such as %s, name none', (_what, details) => {
  expect(sealed(withDetails(...details)).message).toBe(
    'RB_NOT_HEALTHY (its message is in encodedAttributes)',
  );
});

test('an error that nobody foresaw shows its name only', () => {
  const failure = sealed(new TypeError(canary));
  expect(failure.message).toBe('TypeError (its message is in encodedAttributes)');
  expect(inTheOpen(failure)).not.toContain(canary);
});

test('the words of a refused order stay plain, without a stack', () => {
  const failure = sealed(ApplicationFailure.nonRetryable('stale decision', 'Refused'));
  expect(failure).toMatchObject({ message: 'stale decision', stackTrace: '' });
  expect(failure.encodedAttributes).toBeUndefined();
});

test('what the server says about an activity stays plain; its cause does not', () => {
  const error = new ActivityFailure(
    'Activity task failed',
    'startService',
    '5',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'worker',
    withDetails(),
  );
  const failure = sealed(error);
  expect(failure.message).toBe('Activity task failed');
  expect(inTheOpen(failure)).not.toContain(canary);
});

test('of a query that nobody answers the name is said, no more', () => {
  const error = new ReferenceError(
    `Workflow did not register a handler for state. Registered queries: [${canary}]`,
  );
  expect(sealed(error).message).toBe('Workflow did not register a handler for state.');
});

test('an error of the codec itself is never sealed: it says which key is missing', () => {
  const { message } = sealed(keyUnknown('0123456789ab', '/keys'));
  expect(message).toContain('encrypted with the key 0123456789ab');
});

test('an error that was received is sealed again whole', () => {
  const first = opened(sealed(withDetails()));
  const second = sealed(first);
  expect(inTheOpen(second)).not.toContain(canary);
  expect(opened(sealed(first)).message).toBe(canary);
  expect(opened(second).message).toBe(canary);
});
