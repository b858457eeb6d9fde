import { expect, test } from 'vitest';
import { type SweepOptions, sweep } from '../../../src/client/commands/sweep.ts';
import { standsStill } from '../../../src/client/runs/rpc.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, report, row, state, step } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const endedAt = '2026-11-24T12:00:40.000Z';
const gone = row({ run: 'gone', open: false, state: 'terminated', endedAt });
const left = state({
  steps: [
    step('environment', { risk: 'reversible', undo: 'keeps', title: 'Write the environment' }),
    step('config', { risk: 'read', undo: 'none' }),
    step('start-db', { risk: 'reversible', undo: 'undo', title: 'Start db' }),
    step('start-cache', { risk: 'reversible', undo: 'undo', status: 'in-place' }),
    step('start-web', {
      ...{ risk: 'reversible', undo: 'undo', status: 'running', title: 'Start web' },
    }),
  ],
});
const swept = { report: report({ run: 'gone', outcome: 'stopped', changed: false }) };
const options: SweepOptions = { run: 'gone', yes: true, why: 'by mistake', by: 'ann' };

test('what would be undone is shown newest first, with what stays; nobody to ask means no', async () => {
  const runs = new ScriptedRuns({ rows: [gone], states: [left] });
  const { session, stderr } = recordSession({ runs });
  await expect(sweep({ ...options, yes: false }, session)).rejects.toMatchObject({
    code: 'RB_CONFIRMATION_NEEDED',
  });
  expect(stderr.text).toMatchInlineSnapshot(`
    "
    gone: deploy on lab, terminated at 2026-11-24T12:00:40.000Z
      ~ start-web    undo "Start web", as far as it got
      ~ start-db     undo "Start db"
      = environment  stays: Write the environment

    Sweep: 1 run, 2 steps to undo.
    "
  `);
  expect(runs.swept).toEqual([]);
});

test('with --yes the run goes on to undo it, and ends with a report', async () => {
  const runs = new ScriptedRuns({ rows: [gone], states: [left], end: swept });
  const { session, stderr } = recordSession({ runs });
  expect(await sweep(options, session)).toBe(0);
  expect(runs.swept).toEqual([{ run: 'gone', by: 'ann', why: 'by mistake' }]);
  expect(stderr.text).toContain('runbook report');
});

test('without a run all that were ended from outside are swept', async () => {
  const rows = [gone, row({ run: 'swept-before', open: false, state: 'stopped' })];
  const runs = new ScriptedRuns({ rows, states: [left], end: swept });
  const { session, stdout } = recordSession({ runs, settings: { output: 'json' } });
  expect(await sweep({ ...options, run: undefined }, session)).toBe(0);
  expect(runs.swept.map(({ run }) => run)).toEqual(['gone']);
  expect(JSON.parse(stdout.text)).toMatchObject([{ run: 'gone', outcome: 'stopped' }]);
});

test.each([
  ['undone', false, 0],
  ['succeeded', true, 0],
  ['failed', true, 6],
] as const)('a run that came to %s exits %s %s', async (outcome, changed, code) => {
  const end = { report: report({ run: 'gone', outcome, changed }) };
  const runs = new ScriptedRuns({ rows: [gone], states: [left], end });
  const { session } = recordSession({ runs });
  expect(await sweep(options, session)).toBe(code);
});

test('where nothing was ended from outside, that is said', async () => {
  const all = recordSession({ runs: new ScriptedRuns({}) });
  expect(await sweep({ ...options, run: undefined }, all.session)).toBe(0);
  expect(all.stderr.text).toContain('nothing to sweep');
  const own = row({ run: 'gone', open: false, state: 'failed' });
  const one = recordSession({ runs: new ScriptedRuns({ rows: [own] }) });
  expect(await sweep(options, one.session)).toBe(0);
  expect(one.stderr.text).toContain('gone came to its own end');
});

test('an open run is stopped, not swept', async () => {
  const runs = new ScriptedRuns({ rows: [row({ run: 'gone' })] });
  const { session } = recordSession({ runs });
  await expect(sweep(options, session)).rejects.toMatchObject({
    code: 'RB_SWEEP_REFUSED',
    fix: 'runbook stop gone --undo --why TEXT',
  });
});

test('a worker of another version is not let at it', async () => {
  const runs = new ScriptedRuns({ rows: [gone], states: [standsStill('gone', failing)] });
  const { session } = recordSession({ runs });
  await expect(sweep(options, session)).rejects.toMatchObject({
    code: 'RB_SWEEP_REFUSED',
    fix: expect.stringContaining('runbook retry gone'),
  });
  expect(runs.swept).toEqual([]);
});

test('one that cannot be swept does not keep the others from it', async () => {
  const other = row({ run: 'other', open: false, state: 'terminated', endedAt });
  const states = [standsStill('gone', failing), left];
  const runs = new ScriptedRuns({ rows: [gone, other], states, end: swept });
  const { session, stderr } = recordSession({ runs });
  expect(await sweep({ ...options, run: undefined }, session)).toBe(4);
  expect(runs.swept.map(({ run }) => run)).toEqual(['other']);
  expect(stderr.text).toContain('warning RB_SWEEP_REFUSED: gone was not swept');
});

test('what a retry has carried to its end is its own', async () => {
  const again = row({ run: 'again', open: false, state: 'succeeded', retryOf: 'gone' });
  const runs = new ScriptedRuns({ rows: [gone, again], states: [left] });
  const { session, stderr } = recordSession({ runs });
  expect(await sweep({ ...options, run: undefined }, session)).toBe(0);
  expect(stderr.text).toContain('nothing to sweep');
});

test('a host that keeps nothing of the run says so', async () => {
  const runs = new ScriptedRuns({ rows: [gone], states: [left], sweep: 'nothing-kept' });
  const { session, stderr } = recordSession({ runs });
  expect(await sweep(options, session)).toBe(4);
  expect(stderr.text).toContain('warning RB_SWEEP_REFUSED');
});
