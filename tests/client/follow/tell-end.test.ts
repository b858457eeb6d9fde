import { expect, test } from 'vitest';
import { follow } from '../../../src/client/follow/follow.ts';
import { tellEnd } from '../../../src/client/follow/tell-end.ts';
import { recordSession } from '../support/recorder.ts';
import { parkedStep, report, state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const quiet = { settings: { quiet: true } } as const;

test('quiet, a run that succeeds is its id and its outcome on stdout, and nothing else', async () => {
  const { session, stdout, stderr } = recordSession(quiet);
  expect(await tellEnd(new ScriptedRuns({}), 'r-1', { report: report() }, session)).toBe(0);
  expect([stdout.text, stderr.text]).toEqual(['r-1 succeeded\n', '']);
});

test('quiet, so it is of one that failed, beside what went wrong, and of one that parks', async () => {
  const ended = recordSession(quiet);
  const failed = { report: report({ outcome: 'failed' }) };
  expect(await tellEnd(new ScriptedRuns({}), 'r-1', failed, ended.session)).toBe(6);
  expect(ended.stdout.text).toBe('r-1 failed\n');
  expect(ended.stderr.text).not.toBe('');

  const parked = state({ run: 'r-2', state: 'parked', steps: [parkedStep] });
  const runs = new ScriptedRuns({ states: [parked] });
  const { session, stdout } = recordSession({ runs, ...quiet });
  expect(await follow(runs, 'r-2', session, { exitOnPark: true })).toEqual({ left: 8 });
  expect(stdout.text).toBe('r-2 parked\n');
});

test('without quiet the answer as text stands on stderr alone', async () => {
  const { session, stdout, stderr } = recordSession();
  await tellEnd(new ScriptedRuns({}), 'r-1', { report: report() }, session);
  expect(stdout.text).toBe('');
  expect(stderr.text).toContain('Succeeded');
});
