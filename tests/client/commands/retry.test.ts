import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runDirectory } from '../../../src/activities/run-directory.ts';
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

/** By default on a machine that keeps nothing of any run. */
async function retried(
  given: Partial<RetryOptions> = {},
  rows = [ended],
  request = first,
  env: Record<string, string> = { RUNBOOK_STATE_DIR: '/nowhere', RUNBOOK_PLATFORMS: '' },
) {
  const runs = new ScriptedRuns({ rows, request, end: failed });
  const { session, stdout } = recordSession({ runs, env });
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

/** The state directory of the worker's host: the platform as the run has pinned it, beside its compose file. */
async function hostOf(run: string): Promise<Record<string, string>> {
  const state = await mkdtemp(join(tmpdir(), 'rbtest-retry-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const folder = runDirectory(state, run, 'execution');
  await mkdir(folder, { recursive: true });
  await writeFile(join(state, 'compose.yaml'), 'services: { web: {}, db: {}, cron: {} }');
  const services = { web: { kind: 'container' }, database: { kind: 'postgres', members: ['db'] } };
  const platform = {
    ...{ name: 'lab', directory: state, services, secrets: { items: {} } },
    compose: { files: ['compose.yaml'], profiles: [] },
  };
  await writeFile(join(folder, 'platform.json'), JSON.stringify(platform));
  return { RUNBOOK_STATE_DIR: state, RUNBOOK_PLATFORMS: '' };
}

test('a step of a service that the platform of the run does not have is refused with all that there are', async () => {
  const env = await hostOf('first');
  await expect(retried({ from: 'start-wbe' }, [ended], first, env)).rejects.toMatchObject({
    code: 'RB_STEP_UNKNOWN',
    message: 'deploy has no step start-wbe (did you mean "start-web"?)',
    why: expect.stringMatching(/start-web, .*restart-db.*start-database, start-cron.*settle/),
  });
  for (const from of ['start-database', 'start-cron', 'restart-db', 'settle']) {
    expect((await retried({ from }, [ended], first, env)).runs.started).toHaveLength(1);
  }
});

test('where nobody here knows the platform, the plan of the run finds out which services it has', async () => {
  expect((await retried({ from: 'start-anything' })).runs.started).toHaveLength(1);
});
