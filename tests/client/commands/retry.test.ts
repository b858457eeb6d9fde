import { expect, test } from 'vitest';
import { type RetryOptions, retry } from '../../../src/client/commands/retry.ts';
import type { RunRequest } from '../../../src/shared/run-request.ts';
import { recordSession } from '../support/recorder.ts';
import { report, row, state, step } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const ended = row({ run: 'first', open: false, state: 'failed' });
const options: RetryOptions = { run: 'first', plan: false, detach: true, yes: true };
const first: RunRequest = {
  params: { removeOrphans: true },
  options: { onFailure: 'park', planDigest: 'a'.repeat(64), outsideWindow: 'the disk is full' },
  meta: { by: 'ben', reason: 'new release', ticket: 'OPS-12', trigger: 'ui' },
};
const failed = { report: report({ outcome: 'failed', steps: [step('start-web')] }) };

async function retried(given: Partial<RetryOptions> = {}, rows = [ended], request = first) {
  const runs = new ScriptedRuns({ rows, request, end: failed });
  const { session, stdout } = recordSession({ runs });
  const code = await retry({ ...options, ...given }, session);
  return { code, runs, stdout };
}

test('a retry starts the same runbook with the input of the first run, on its platform by name', async () => {
  const { code, runs, stdout } = await retried({ id: 'again' });
  expect([code, stdout.text]).toEqual([0, 'again\n']);
  expect(runs.started).toEqual([
    {
      runbook: 'deploy',
      run: 'again',
      request: {
        platform: 'lab',
        params: { removeOrphans: true },
        options: { onFailure: 'park' },
        meta: {
          by: expect.any(String),
          trigger: 'cli',
          retryOf: 'first',
          reason: 'new release',
          ticket: 'OPS-12',
        },
      },
    },
  ]);
});

test('what is said for this start wins or is added', async () => {
  const { runs } = await retried({
    from: 'start-web',
    reason: 'disk freed',
    outsideWindow: 'it must not wait',
  });
  expect(runs.started[0]?.request).toMatchObject({
    options: { onFailure: 'park', from: 'start-web', outsideWindow: 'it must not wait' },
    meta: { reason: 'disk freed' },
  });
});

test('a plan is shown and asked about as with a start', async () => {
  const plan = { digest: 'd', lines: [], changes: 0 };
  const end = { report: report({ outcome: 'planned', plan: true, approvedPlan: plan }) };
  const runs = new ScriptedRuns({ rows: [ended], states: [state()], request: first, end });
  const { session, stderr } = recordSession({ runs, isTTY: true });
  expect(await retry({ ...options, yes: false, detach: false }, session)).toBe(0);
  expect(runs.started.map(({ request }) => request.options?.plan)).toEqual([true]);
  expect(stderr.text).toContain('Nothing was started');
});

test.each([
  ['an open run', { rows: [row({ run: 'first', state: 'running' })] }, /stop first/],
  ['a parked run', { rows: [row({ run: 'first', state: 'parked' })] }, /decide first --retry/],
  ['a plan', { rows: [{ ...ended, plan: true }] }, /runbook start deploy/],
])('%s cannot be retried', async (_, { rows }, fix) => {
  const runs = new ScriptedRuns({ rows, request: first, end: failed });
  const { session } = recordSession({ runs });
  await expect(retry(options, session)).rejects.toMatchObject({
    code: 'RB_RETRY_REFUSED',
    fix: expect.stringMatching(fix),
  });
  expect(runs.started).toEqual([]);
});

test('nor can one whose input was refused', async () => {
  const runs = new ScriptedRuns({ rows: [ended], end: failed });
  const { session } = recordSession({ runs });
  await expect(retry(options, session)).rejects.toMatchObject({ code: 'RB_RETRY_REFUSED' });
});

test('a step that nothing knows is refused with the nearest, and nothing is started', async () => {
  const runs = new ScriptedRuns({ rows: [ended], request: first, end: failed });
  const { session } = recordSession({ runs });
  await expect(retry({ ...options, from: 'setle' }, session)).rejects.toMatchObject({
    code: 'RB_STEP_UNKNOWN',
    message: 'deploy has no step setle (did you mean "settle"?)',
  });
  expect(runs.started).toEqual([]);
});
