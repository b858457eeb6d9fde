import { CancelledFailure, type Context } from '@temporalio/activity';
import { ActivityCancellationDetails, ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { RunbookError, refuse } from '../../src/shared/errors.ts';
import { toFailure } from '../../src/worker/failure.ts';

interface Circumstances {
  readonly superseded?: boolean;
  readonly aborted?: boolean;
  readonly details?: ConstructorParameters<typeof ActivityCancellationDetails>[0];
}

/** What becomes of an error; the last output is `the end`, the secret `canary77`. */
function failureOf(error: unknown, circumstances: Circumstances = {}): Error {
  const { superseded = false, aborted = false, details } = circumstances;
  const context = {
    cancellationSignal: aborted ? AbortSignal.abort() : new AbortController().signal,
    cancellationDetails: details && new ActivityCancellationDetails(details),
  } as Context;
  const redact = (text: string) => text.replaceAll('canary77', '[redacted]');
  return toFailure(error, { superseded, context, step: 'start-web' }, 'the end', redact);
}

test.each(['ENOSPC', 'EDQUOT'])(
  'a full disk (%s) is known, with the folder that it holds',
  (code) => {
    const error = Object.assign(new Error(`${code}: write`), {
      code,
      path: '/state/runs/r/report.json',
    });
    expect(failureOf(error)).toMatchObject({
      type: 'RB_DISK_FULL',
      nonRetryable: false,
      details: [{ facts: { what: 'the disk that holds /state/runs/r is full' } }],
    });
  },
);

test('a file system that became read-only is known, with the folder', () => {
  const path = '/platform/.secrets/store/app/current.tmp-1';
  const error = Object.assign(new Error('EROFS: symlink'), { code: 'EROFS', path });
  expect(failureOf(error)).toMatchObject({
    type: 'RB_NOT_WRITABLE',
    nonRetryable: true,
    details: [{ facts: { what: '/platform/.secrets/store/app cannot be written' } }],
  });
});

describe('an error that is known', () => {
  test('becomes a failure of its code, with its facts and the last output', () => {
    const error = new RunbookError('RB_X', 'it broke', { why: 'of this', fix: 'do that' });
    const failure = failureOf(error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'RB_X',
      message: 'it broke: of this',
      nonRetryable: false,
      details: [
        {
          facts: { code: 'RB_X', what: 'it broke', why: 'of this', fix: 'do that' },
          outputTail: 'the end',
          step: 'start-web',
        },
      ],
    });
  });

  test('without reasons keeps to what is known', () => {
    const failure = failureOf(new RunbookError('RB_X', 'it broke')) as ApplicationFailure;
    expect(failure.message).toBe('it broke');
    expect(failure.details?.[0]).toEqual({
      facts: { code: 'RB_X', what: 'it broke' },
      outputTail: 'the end',
      step: 'start-web',
    });
  });

  test('is not tried again when that cannot help', () => {
    expect(failureOf(refuse('RB_X', 'no', 'why', 'fix'))).toMatchObject({ nonRetryable: true });
  });
});

test.each([
  ['an error', new TypeError('x is not a function'), 'x is not a function'],
  ['a text', 'plain text', 'plain text'],
  ['nothing', undefined, 'undefined'],
])('%s that nobody foresaw may be tried again', (_what, thrown, message) => {
  expect(failureOf(thrown)).toMatchObject({ type: 'RB_UNEXPECTED', message, nonRetryable: false });
});

test('no secret is in any part of it', () => {
  const text = 'password canary77';
  const failure = failureOf(new RunbookError('RB_X', text, { why: text, fix: text }));
  expect(JSON.stringify([failure, failure.message])).not.toContain('canary77');
  expect(failure).toMatchObject({
    message: 'password [redacted]: password [redacted]',
    details: [{ facts: { fix: 'password [redacted]' } }],
  });
});

test('a secret is blanked out before the text is cut, so that no half of one is left', () => {
  const text = `${'x'.repeat(1996)}canary77`;
  expect(failureOf(new Error(text))).toMatchObject({ message: `${'x'.repeat(1996)}[red` });
});

test('texts of any length are cut to what a history bears', () => {
  const long = 'x'.repeat(100_000);
  const failure = failureOf(new RunbookError('RB_X', long, { why: long, fix: long }));
  const [{ facts }] = (failure as ApplicationFailure).details as [
    { facts: Record<string, string> },
  ];
  expect([facts.what?.length, facts.why?.length, facts.fix?.length]).toEqual([2000, 8000, 2000]);
});

test('half a character does not keep a failure from the server', () => {
  expect(failureOf(new Error('x\ud83d')).message).toBe('x\ufffd');
  expect(failureOf(new Error(`${'x'.repeat(1999)}👋`)).message).toBe(`${'x'.repeat(1999)}\ufffd`);
});

describe('an attempt that was taken away', () => {
  test('by a newer attempt is fenced, whatever it says itself', () => {
    const fenced = { type: 'RB_FENCED', nonRetryable: true, details: [{ outputTail: '' }] };
    expect(failureOf(new Error('aborted'), { superseded: true })).toMatchObject(fenced);
    const both = { superseded: true, aborted: true, details: { cancelRequested: true } };
    expect(failureOf(new Error('aborted'), both)).toMatchObject(fenced);
  });

  test('by the end of its worker says so, and may be tried again', () => {
    const shutdown = { aborted: true, details: { workerShutdown: true } };
    expect(failureOf(new Error('aborted'), shutdown)).toMatchObject({
      type: 'RB_WORKER_SHUTDOWN',
      nonRetryable: false,
      details: [{ outputTail: 'the end' }],
    });
  });

  test.each([[{ cancelRequested: true }], [undefined]])(
    'by a cancellation is cancelled (%o)',
    (details) => {
      const error = new RunbookError('RB_COMMAND_FAILED', 'ended by a signal');
      expect(failureOf(error, { aborted: true, ...(details && { details }) })).toBeInstanceOf(
        CancelledFailure,
      );
    },
  );
});
