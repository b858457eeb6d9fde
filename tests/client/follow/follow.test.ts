import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommandError } from '../../../src/client/errors.ts';
import { follow } from '../../../src/client/follow/follow.ts';
import { tellEnd } from '../../../src/client/follow/tell-end.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, parkedStep, report, state, step, waiting } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const stay = { exitOnPark: false };
const away = new CommandError('RB_TEMPORAL_UNREACHABLE', 'no Temporal server answers', {
  why: 'x',
  fix: 'y',
});

test('a run is watched to its end, one line an event, and the report is the answer as JSON', async () => {
  const runs = new ScriptedRuns({
    states: [state({ steps: [] }), state()],
    end: { report: report() },
  });
  const { session, stdout, stderr } = recordSession({ runs, settings: { output: 'json' } });
  const ended = await follow(runs, 'r', session, stay);
  if ('left' in ended) throw new Error('it left');
  expect(await tellEnd(runs, 'r', ended, session)).toBe(0);
  expect(JSON.parse(stdout.text)).toEqual(report());
  expect(stderr.text).toContain('environment done: 42 variables written (2.5 s)');
  expect(stderr.text).toContain('Succeeded in 1 min 05 s');
});

test('where nobody looks, a step that is over at once is one line, and a line is never broken', async () => {
  const clockNow = Date.parse('2026-11-24T12:01:05.000Z');
  const running = (id: string, ageMs: number) => {
    const { endedAt: _, ...rest } = step(id, { status: 'running' });
    return { ...rest, startedAt: new Date(clockNow - ageMs).toISOString() };
  };
  const result = 'word '.repeat(30).trim();
  const runs = new ScriptedRuns({
    states: [
      state({ state: 'resolving', steps: [] }),
      state({ steps: [running('short', 100), running('long', 3000)] }),
    ],
    end: { report: report({ steps: [step('short', { result }), step('long', { result })] }) },
  });
  const { session, stderr } = recordSession({ runs });
  await follow(runs, 'r', session, stay);
  expect(stderr.text).toBe(
    [
      '12:00:00Z  run deploy-lab-20261124-120000-1f3c',
      '12:01:05Z  long running: Do long',
      `12:00:02Z  short done: ${result} (2.5 s)`,
      `12:00:02Z  long done: ${result} (2.5 s)`,
      '',
    ].join('\n'),
  );
});

test('whoever comes late reads times that never run backwards', async () => {
  const { endedAt: _, ...running } = step('slow', { status: 'running' });
  const done = (id: string, second: number) =>
    step(id, { endedAt: `2026-11-24T12:00:${second}.000Z` });
  const runs = new ScriptedRuns({
    states: [state({ steps: [done('one', 40), running, done('two', 20)] })],
    end: { report: report({ steps: [] }) },
  });
  const { session, stderr } = recordSession({ runs });
  await follow(runs, 'r', session, stay);
  const times = stderr.text.split('\n').flatMap((line) => line.match(/^\d\S+Z/) ?? []);
  expect(times).toEqual([...times].sort());
  expect(times.length).toBeGreaterThan(3);
});

test('where nobody looks, a lock is worth a line only while another run has it', async () => {
  const lock = { key: 'lab', mode: 'exclusive', status: 'waiting' } as const;
  const asking = (heldBy: string[]) =>
    state({ state: 'waiting-for-lock', steps: [], locks: [{ ...lock, heldBy }] });
  const told = async (...heldBy: string[]) => {
    const runs = new ScriptedRuns({
      states: [asking([]), asking(heldBy), state({ steps: [] })],
      end: { report: report({ steps: [] }) },
    });
    const { session, stderr } = recordSession({ runs });
    await follow(runs, 'r', session, stay);
    return stderr.text.trimEnd().split('\n').slice(1);
  };
  expect(await told()).toEqual([]);
  expect(await told('deploy-2')).toEqual([
    '12:01:05Z  run waiting for a lock, held by deploy-2',
    '12:01:05Z  run running',
  ]);
});

test('what a step waits for is told as the server knows it', async () => {
  const { endedAt: _, ...running } = step('start-kafka', { status: 'running' });
  const { stderr, session } = recordSession();
  const runs = new ScriptedRuns({
    states: [state({ steps: [running] })],
    waits: [{ step: 'start-kafka', ...waiting }],
    end: { report: report() },
  });
  await follow(runs, 'r', session, stay);
  expect(stderr.text).toContain(`start-kafka running: waiting for ${waiting.for}\n`);
});

test('a plan is shown once: by the plan that follows, not by its steps', async () => {
  const planned = { outcome: 'planned', plan: true } as const;
  const steps = [step('one', { status: 'would-change' })];
  const runs = new ScriptedRuns({
    states: [state({ plan: true, state: 'planning', steps })],
    end: { report: report({ ...planned, steps }) },
  });
  const { session, stderr } = recordSession({ runs });
  await follow(runs, 'r', session, stay);
  expect(stderr.text).not.toContain('one');
  expect(stderr.text).toContain('run planning');
});

test('the end tells where to read on: the report, and the page of the run where up knows it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-up-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const env = { RUNBOOK_STATE_DIR: directory };
  const runs = new ScriptedRuns({});
  const { session, stderr } = recordSession({ env });
  const up = { schema: 'runbook.up/v1', address: runs.address, uiPort: 8233 };
  await writeFile(join(directory, 'up.json'), JSON.stringify(up));
  await tellEnd(runs, 'r/1', { report: report({ run: 'r/1' }) }, session);
  expect(stderr.text.split('\n').slice(-3)).toEqual([
    '  report  runbook report r/1 --html',
    '  UI      http://127.0.0.1:8233/namespaces/default/workflows/r%2F1',
    '',
  ]);
  const other = recordSession({ env });
  await tellEnd({ ...runs, address: 'other:7233' }, 'r', { report: report() }, other.session);
  expect(other.stderr.text).not.toContain('UI');
});

test('a server that is away is told once, and looking goes on', async () => {
  const runs = new ScriptedRuns({
    states: [state({ steps: [] }), away, away, away, state()],
    end: { report: report() },
  });
  const { session, stderr } = recordSession({ runs });
  await follow(runs, 'r', session, stay);
  expect(stderr.text.match(/no Temporal server answers/g)).toHaveLength(1);
  expect(stderr.text.match(/answers again/g)).toHaveLength(1);
});

test('without a worker that is told before any question waits for one', async () => {
  const interrupt = new AbortController();
  const runs = new ScriptedRuns({ states: [state()], worker: 'absent' });
  const { session, stderr } = recordSession({ runs, interrupted: interrupt.signal });
  const following = follow(runs, 'r', session, stay);
  setTimeout(() => interrupt.abort(), 50);
  expect(await following).toEqual({ left: 130 });
  expect(stderr.text.match(/warning RB_NO_WORKER: no worker answers/g)).toHaveLength(1);
});

const worse = { ...failing, why: 'y is not a function' };

test('a run whose code fails is told with why and fix, once, and again when the reason changes', async () => {
  const more = { ...failing, attempts: 5 };
  const runs = new ScriptedRuns({
    states: [state(), failing, more, failing, worse, worse, state()],
    end: { report: report() },
  });
  const { session, stderr } = recordSession({ runs });
  expect(await follow(runs, 'r', session, stay)).toEqual({ report: report() });
  const lines = stderr.text.split('\n');
  expect(lines.slice(2, 7)).toEqual([
    '12:01:05Z  warning RB_WORKFLOW_TASK_FAILING: the run stands still: its workflow code fails',
    '             why   x is not a function, at deploy (deploy.ts:4:9)',
    '             fix   correct the worker and start it again',
    '             run   r',
    '             the run is durable: still looking',
  ]);
  expect(lines.filter((line) => line.includes('is not a function'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('answers again'))).toHaveLength(1);
});

test('a run that stands still is told even when quiet', async () => {
  const runs = new ScriptedRuns({ states: [failing, failing], end: { report: report() } });
  const { session, stderr } = recordSession({ runs, settings: { quiet: true } });
  await follow(runs, 'r', session, stay);
  expect(stderr.text.match(/^warning RB_WORKFLOW_TASK_FAILING/gm)).toHaveLength(1);
});

test('as JSON lines a trouble is an event with its facts, and so is its end', async () => {
  const runs = new ScriptedRuns({ states: [failing, state()], end: { report: report() } });
  const { session, stdout } = recordSession({ runs, settings: { output: 'jsonl' } });
  await follow(runs, 'r', session, stay);
  const [away, back] = stdout.text.split('\n').map((line) => (line ? JSON.parse(line) : {}));
  expect(away).toMatchObject({ kind: 'away', run: 'r', error: failing });
  expect(back).toMatchObject({ kind: 'back', run: 'r' });
});

test('an error that waiting does not cure ends the watch', async () => {
  const unknown = new CommandError('RB_RUN_UNKNOWN', 'no run', { why: 'x', fix: 'y' });
  const runs = new ScriptedRuns({ states: [unknown] });
  const { session } = recordSession({ runs });
  await expect(follow(runs, 'r', session, stay)).rejects.toBe(unknown);
});

test('a parked run is left with 8 and the exact command where nobody looks', async () => {
  const parked = state({ state: 'parked', steps: [parkedStep] });
  const runs = new ScriptedRuns({ states: [parked] });
  const { session, stderr } = recordSession({ runs });
  expect(await follow(runs, 'r', session, { exitOnPark: true })).toEqual({ left: 8 });
  expect(stderr.text).toContain(
    'runbook decide deploy-lab-20261124-120000-1f3c --retry --why TEXT',
  );
  expect(stderr.text).toContain('RB_UNHEALTHY');
});

test('whoever stays at a park is told once why, and the exact commands', async () => {
  const parked = state({ state: 'parked', steps: [step('environment'), parkedStep] });
  const runs = new ScriptedRuns({ states: [parked, parked], end: { report: report() } });
  const { session, stderr } = recordSession({ runs, isTTY: true, settings: { progress: 'lines' } });
  await follow(runs, 'r', session, stay);
  const decide = 'runbook decide deploy-lab-20261124-120000-1f3c';
  const commands = stderr.text.split('\n').filter((line) => line.startsWith(decide));
  expect(commands).toEqual(
    ['--retry', '--retry-with NAME=VALUE', '--skip', '--undo', '--abort'].map(
      (action) => `${decide} ${action} --why TEXT`,
    ),
  );
  expect(stderr.text).toContain('fix   free disk space on the host');
});

test('a decision that was just taken is not taken for a park', async () => {
  const decided = state({ state: 'parked', steps: [step('start-kafka', { status: 'running' })] });
  const runs = new ScriptedRuns({ states: [decided], end: { report: report() } });
  const { session } = recordSession({ runs });
  expect(await follow(runs, 'r', session, { exitOnPark: true })).toEqual({ report: report() });
});

test('Ctrl-C detaches with 130 and says how to come back', async () => {
  const interrupt = new AbortController();
  const runs = new ScriptedRuns({ states: [state()] });
  const { session, stderr } = recordSession({ runs, interrupted: interrupt.signal });
  interrupt.abort();
  expect(await follow(runs, 'r-1', session, stay)).toEqual({ left: 130 });
  expect(stderr.text).toContain('run r-1 continues');
  expect(stderr.text).toContain('runbook watch r-1 · runbook stop r-1');
});

test('a run that ended badly is told even when quiet', async () => {
  const failed = report({
    outcome: 'failed',
    summary: 'Failed.',
    steps: [step('a', { status: 'failed', error: { code: 'RB_X', what: 'it broke' } })],
  });
  const runs = new ScriptedRuns({});
  const { session, stderr } = recordSession({ settings: { quiet: true } });
  expect(await tellEnd(runs, 'r', { report: failed }, session)).toBe(6);
  expect(stderr.text).toContain('it broke');
});

test('as JSON lines every event is one line and the report the last', async () => {
  const runs = new ScriptedRuns({ states: [state()], end: { report: report() } });
  const { session, stdout } = recordSession({ runs, settings: { output: 'jsonl' } });
  const ended = await follow(runs, 'r', session, stay);
  if ('left' in ended) throw new Error('it left');
  await tellEnd(runs, 'r', ended, session);
  const lines = stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ kind: 'run', state: 'running' });
  expect(lines.at(-1)).toMatchObject({ schema: 'runbook.report/v1' });
});
