import { expect, test } from 'vitest';
import { history } from '../../../src/client/commands/history.ts';
import { status } from '../../../src/client/commands/status.ts';
import { CommandError } from '../../../src/client/errors.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, report, row, state, step } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const json = { settings: { output: 'json' } } as const;
const asked = { run: 'r', limit: 500 };
const all = { limit: 500 };

test('a run that answers is shown as it says, and nothing is warned of', async () => {
  const runs = new ScriptedRuns({ states: [state()] });
  const { session, stdout, stderr } = recordSession({ runs });
  expect(await status(asked, session)).toBe(0);
  expect(stdout.text).toContain('deploy on lab  running');
  expect(stderr.text).toBe('');
});

test('a run that has ended is shown from its report', async () => {
  const end = { report: report({ steps: [step('one')] }) };
  const { session, stdout } = recordSession({ runs: new ScriptedRuns({ end, worker: 'absent' }) });
  expect(await status(asked, session)).toBe(0);
  expect(stdout.text).toContain('deploy on lab  succeeded');
});

test('an ended run says by which runs it was retried, and the history shows both ways', async () => {
  const rows = [
    row({ run: 'again', open: false, state: 'succeeded', retryOf: 'first' }),
    row({ run: 'first', open: false, state: 'failed' }),
  ];
  const end = { report: report({ run: 'first', outcome: 'failed' }) };
  const one = recordSession({ runs: new ScriptedRuns({ rows, end }) });
  await status({ ...asked, run: 'first' }, one.session);
  expect(one.stderr.text).toBe('retried by again (succeeded)\n');
  const list = recordSession({ runs: new ScriptedRuns({ rows }) });
  await history({ limit: 20 }, list.session);
  expect(list.stdout.text).toMatch(/^again .* retry of first$/m);
  expect(list.stdout.text).toMatch(/^first .* retried by again$/m);
});

test('a retry says of which run and from which step', async () => {
  const runs = new ScriptedRuns({ states: [state({ retryOf: 'first', from: 'start-web' })] });
  const { session, stdout } = recordSession({ runs });
  await status(asked, session);
  expect(stdout.text).toContain('retry of first from start-web');
});

test('a run whose code fails is shown as the server knows it, with why and what to do', async () => {
  const runs = new ScriptedRuns({ states: [failing] });
  const { session, stdout, stderr } = recordSession({ runs, settings: { quiet: true } });
  expect(await status(asked, session)).toBe(8);
  expect(stdout.text).toMatchInlineSnapshot(`
    "RUN  STATE    AGE    TOOK        STEP
    r    failing  1 min  1 min 05 s  start-kafka
    "
  `);
  expect(stderr.text).toMatchInlineSnapshot(`
    "
    warning RB_WORKFLOW_TASK_FAILING: the run stands still: its workflow code
      fails
      why   x is not a function, at deploy (deploy.ts:4:9)
      fix   correct the worker and start it again
      run   r · attempt 4, failing since 2026-11-24T12:00:00.000Z
    "
  `);
});

test('a run without a worker is shown as the server knows it, at once, and exits 9', async () => {
  const runs = new ScriptedRuns({ states: [state()], worker: 'absent' });
  const { session, stdout, stderr } = recordSession({ runs });
  expect(await status(asked, session)).toBe(9);
  expect(stdout.text).toContain('start-kafka');
  expect(stderr.text).toMatch(/^\nwarning RB_NO_WORKER: no worker/);
});

test('a worker that just went away is found out by the question it does not answer', async () => {
  const gone = new CommandError('RB_NO_WORKER', 'no worker answers', { why: 'x', fix: 'y' });
  const runs = new ScriptedRuns({ states: [gone] });
  expect(await status(asked, recordSession({ runs }).session)).toBe(9);
});

test('as JSON the trouble of a run stands in what the server knows of it', async () => {
  const runs = new ScriptedRuns({ states: [failing] });
  const { session, stdout, stderr } = recordSession({ runs, ...json });
  expect(await status(asked, session)).toBe(8);
  expect(JSON.parse(stdout.text)).toMatchObject({ run: 'r', state: 'running', trouble: failing });
  expect(stderr.text).toBe('');
});

const rows = [
  row({ run: 'one', trouble: failing }),
  row({ run: 'two' }),
  ...['three', 'four', 'five'].map((run) => row({ run, trouble: failing })),
];

test('the list marks the runs that stand still, and tells a shared reason once', async () => {
  const { session, stdout, stderr } = recordSession({ runs: new ScriptedRuns({ rows }) });
  expect(await status(all, session)).toBe(0);
  expect(stdout.text).toMatch(/^one +failing /m);
  expect(stdout.text).toMatch(/^two +running {2,}/m);
  expect(stderr.text.match(/RB_WORKFLOW_TASK_FAILING/g)).toHaveLength(1);
  expect(stderr.text).toContain('  run   one, three, four and 1 more\n');
});

test('without a worker the list says so once, and as JSON with every run', async () => {
  const script = { rows: [row({ run: 'one' }), row({ run: 'two' })], worker: 'absent' } as const;
  const text = recordSession({ runs: new ScriptedRuns(script) });
  expect(await status(all, text.session)).toBe(0);
  expect(text.stderr.text.match(/RB_NO_WORKER/g)).toHaveLength(1);
  const machine = recordSession({ runs: new ScriptedRuns(script), ...json });
  await status(all, machine.session);
  const trouble = expect.objectContaining({ code: 'RB_NO_WORKER' });
  expect(JSON.parse(machine.stdout.text)).toMatchObject([{ trouble }, { trouble }]);
});

test('ended runs of the history need no worker', async () => {
  const ended = row({ open: false, state: 'succeeded' });
  const runs = new ScriptedRuns({ rows: [ended], worker: 'absent' });
  const { session, stdout, stderr } = recordSession({ runs });
  expect(await history({ limit: 20 }, session)).toBe(0);
  expect(stdout.text).toContain('succeeded');
  expect(stderr.text).toBe('');
});

test('where no run is open, that is said on stderr, and the answer as JSON is empty', async () => {
  const text = recordSession({ runs: new ScriptedRuns({ worker: 'absent' }) });
  await status(all, text.session);
  expect([text.stdout.text, text.stderr.text]).toEqual([
    '',
    'no run is going on; the ended ones: runbook history\n',
  ]);
  const machine = recordSession({ runs: new ScriptedRuns({}), ...json });
  await status(all, machine.session);
  expect(JSON.parse(machine.stdout.text)).toEqual([]);
});

test('a pipe gets every id and every column whole', async () => {
  const long = row({ run: `deploy-${'x'.repeat(80)}`, step: 'start-'.repeat(12) });
  const runs = new ScriptedRuns({ rows: [long] });
  const { session, stdout } = recordSession({ runs });
  await status({ limit: 10 }, session);
  expect(stdout.text).toContain(long.run);
  expect(stdout.text).toContain(long.step);
});
