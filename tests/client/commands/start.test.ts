import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type StartOptions, start, startCommand } from '../../../src/client/commands/start.ts';
import { exitCodeOf, knownError } from '../../../src/client/errors.ts';
import { recordSession } from '../support/recorder.ts';
import { report, state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

async function parsed(...args: string[]): Promise<StartOptions> {
  let options: StartOptions | undefined;
  const command = startCommand({
    perform: async (_, given) => {
      options = given as StartOptions;
    },
  });
  await command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .parseAsync(args, { from: 'user' });
  if (options === undefined) throw new Error('not performed');
  return options;
}

const defaults = await parsed('deploy');
const asked = { platform: 'other' };

test('flags are parsed, repeatable ones in order', async () => {
  expect(defaults).toMatchObject({ runbook: 'deploy', plan: false, yes: false, set: [] });
  expect(
    await parsed('deploy', '--set', 'a=1', '--set', 'b=x', '--timeout', '2m', '-y'),
  ).toMatchObject({ set: ['a=1', 'b=x'], timeoutMs: 120_000, yes: true });
  await expect(parsed('deploy', '--on-failure', 'pray')).rejects.toThrow('Allowed choices');
  await expect(parsed('deploy', '--timeout', 'soon')).rejects.toThrow('30s, 10m or 2h');
  await expect(parsed()).rejects.toThrow("missing required argument 'runbook'");
  expect(await parsed('--plan-file', 'p.json')).toMatchObject({ planFile: 'p.json' });
  expect(await parsed('deploy', '--plan-out', 'p.json')).toMatchObject({ plan: true });
  await expect(parsed('--plan-file', 'p.json', '--plan')).rejects.toThrow('cannot be used with');
});

test('--yes starts at once with one object that says who, why and what', async () => {
  const runs = new ScriptedRuns({ states: [state()], end: { report: report() } });
  const { session } = recordSession({ runs });
  const options = { ...defaults, yes: true, platform: 'lab', reason: 'new release', set: ['n=3'] };
  expect(await start(options, session)).toBe(0);
  expect(runs.started).toHaveLength(1);
  expect(runs.started[0]?.request).toMatchObject({
    platform: 'lab',
    params: { n: 3 },
    meta: { reason: 'new release', trigger: 'cli', by: expect.any(String) },
  });
});

test('the id of a run names the platform that the worker would take', async () => {
  const runs = new ScriptedRuns({});
  const { session, stdout } = recordSession({ runs });
  await start({ ...defaults, yes: true, detach: true }, session);
  expect(stdout.text).toMatch(/^deploy-lab-\d{8}-\d{6}-[0-9a-f]{4}\n$/);
  expect(runs.started[0]?.request.platform).toBe('lab');
});

test.each([{ yes: true }, { plan: true }, {}])(
  'what the worker would refuse is refused before there is a run, or a confirmation: %j',
  async (options) => {
    const refusal = knownError(
      { code: 'RB_INPUT_INVALID', what: 'x', why: 'y', fix: 'z' },
      { changed: false },
    );
    const runs = new ScriptedRuns({ refusal });
    const { session } = recordSession({ runs });
    await expect(start({ ...defaults, ...options }, session)).rejects.toBe(refusal);
    expect(exitCodeOf(refusal)).toBe(2);
    expect(runs.started).toEqual([]);
  },
);

test.each([
  [{ platform: 'shop' }, 'shop'],
  [{ confirm: 'shop' }, 'shop'],
  [{}, 'configured'],
])('the configured platform counts when nothing names another: %j', async (options, platform) => {
  const runs = new ScriptedRuns({});
  const { session } = recordSession({ runs, env: { RUNBOOK_PLATFORM: 'configured' } });
  await start({ ...defaults, ...options, yes: true, detach: true }, session);
  expect(runs.started[0]?.request.platform).toBe(platform);
});

test.each([
  ['is a platform file', 'schema: runbook.platform/v1\nname: shop\n', {}, 'shop'],
  ['has a mistake elsewhere', 'schema: runbook.platform/v1\nname: shop\nx: [\n', {}, 'shop'],
  ['is of something else', 'name: shop\n', {}, 'lab'],
  ['is not what was asked for', 'schema: runbook.platform/v1\nname: shop\n', asked, 'other'],
])('a start means the platform of its folder when platform.yaml there %s', async (...given) => {
  const [, text, options, platform] = given;
  const cwd = await mkdtemp(join(tmpdir(), 'rbtest-start-'));
  await writeFile(join(cwd, 'platform.yaml'), text);
  const runs = new ScriptedRuns({});
  const { session } = recordSession({ runs });
  await start({ ...defaults, ...options, yes: true, detach: true }, { ...session, cwd });
  await rm(cwd, { recursive: true });
  expect(runs.started[0]?.request.platform).toBe(platform);
});

test('--plan prints the plan on stdout; --exit-code turns changes into 3', async () => {
  const line = { step: 'a', title: '', now: 'old', change: 'new', undo: 'undo' } as const;
  const plan = { digest: 'd', lines: [line], changes: 1 };
  const end = { report: report({ outcome: 'planned', plan: true, approvedPlan: plan }) };
  for (const exitCode of [false, true]) {
    const runs = new ScriptedRuns({ states: [state()], end });
    const { session, stdout } = recordSession({ runs });
    expect(await start({ ...defaults, plan: true, exitCode }, session)).toBe(exitCode ? 3 : 0);
    expect(stdout.text).toContain('Plan: 1 change, 0 in place.');
    expect(runs.started[0]?.request.options).toEqual({ plan: true });
  }
});

const closed = { opensAt: '2026-11-25T21:00:00.000Z', opens: 'Wed, 25 Nov 2026, 22:00 (UTC)' };
const change = { step: 'a', title: '', now: 'old', change: 'new', undo: 'undo' } as const;
const plannedOutside = report({
  ...{ outcome: 'planned', plan: true, outsideWindow: closed, steps: [] },
  approvedPlan: { digest: 'd', lines: [change], changes: 1 },
});

test('a plan outside the change windows says when the next opens', async () => {
  const runs = new ScriptedRuns({ states: [state()], end: { report: plannedOutside } });
  const { session, stdout } = recordSession({ runs });
  expect(await start({ ...defaults, plan: true }, session)).toBe(0);
  expect(stdout.text).toContain('windows are closed; the next opens Wed, 25 Nov 2026, 22:00 (UTC)');
});

test('nobody is asked for a start that every change window forbids', async () => {
  const runs = new ScriptedRuns({ states: [state()], end: { report: plannedOutside } });
  const { session } = recordSession({ runs, isTTY: true });
  const options = { ...defaults, set: ['services=web,two words'] };
  await expect(start(options, session)).rejects.toMatchObject({
    code: 'RB_OUTSIDE_WINDOW',
    why: expect.stringContaining('22:00 (UTC), which is 2026-11-25T21:00'),
    fix: expect.stringContaining("--set 'services=web,two words' --outside-window REASON"),
  });
  expect(runs.started).toHaveLength(1);
});

test('--outside-window is sent with the run', async () => {
  const runs = new ScriptedRuns({});
  const { session } = recordSession({ runs });
  const options = await parsed('deploy', '-y', '-d', '--outside-window', 'the disk is full');
  await start(options, session);
  expect(runs.started[0]?.request.options).toEqual({ outsideWindow: 'the disk is full' });
});

test.each([true, false])(
  'a run that was blocked is told with its fix (terminal: %s)',
  async (isTTY) => {
    const error = { code: 'RB_OUTSIDE_WINDOW', what: 'no window is open', fix: 'start it then' };
    const end = { report: report({ outcome: 'blocked', changed: false, steps: [], error }) };
    const runs = new ScriptedRuns({ states: [state({ steps: [] })], end });
    const { session, stderr } = recordSession({ runs, isTTY });
    expect(await start({ ...defaults, yes: true }, session)).toBe(4);
    expect(stderr.text).toContain('error RB_OUTSIDE_WINDOW: no window is open');
    expect(stderr.text).toContain('start it then');
  },
);

test('--detach prints the id of the run and nothing else', async () => {
  const runs = new ScriptedRuns({});
  const { session, stdout } = recordSession({ runs });
  await start({ ...defaults, yes: true, detach: true, id: 'mine' }, session);
  expect(stdout.text).toBe('mine\n');
});

test('parameters come from standard input too, and --set wins', async () => {
  const runs = new ScriptedRuns({});
  const { session } = recordSession({ runs, stdin: 'a: 1\nb: two\n' });
  await start({ ...defaults, yes: true, detach: true, vars: '-', set: ['a=2'] }, session);
  expect(runs.started[0]?.request.params).toEqual({ a: 2, b: 'two' });
});

test.each([
  ['no confirmation', {}, 'RB_CONFIRMATION_NEEDED'],
  ['an unknown runbook', { runbook: 'deply', yes: true }, 'RB_RUNBOOK_UNKNOWN'],
  ['a bad setting', { yes: true, set: ['x'] }, 'RB_USAGE'],
  ['an input over 64 KiB', { yes: true, set: [`x=${'y'.repeat(65_536)}`] }, 'RB_INPUT_TOO_LARGE'],
])('%s starts nothing', async (_, options, code) => {
  const runs = new ScriptedRuns({});
  const { session } = recordSession({ runs });
  await expect(start({ ...defaults, ...options }, session)).rejects.toMatchObject({ code });
  expect(runs.started).toEqual([]);
});
