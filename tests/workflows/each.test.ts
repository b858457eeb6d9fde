import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { limits } from '../../src/shared/limits.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const hopeless = () => {
  throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
};
const person = { by: 'ann', why: 'looked at it' };

const fan = (targets: string, params: object = {}, options: object = {}) =>
  world.start('fan', { params: { targets, ...params }, options });

const ledger = ({ steps }: RunState | RunReport) =>
  Object.fromEntries(
    steps.flatMap(({ targets }) => targets ?? []).map(({ name, status }) => [name, status]),
  );

const acts = () =>
  world.calls.filter((call) => call.includes(' act ')).map((call) => call.split(' ')[0]);

/** Acts that stand still until they are let go, and how many stood so at once. */
function gates(names: readonly string[]) {
  const open = new Map<string, () => void>();
  for (const name of names) {
    world.on(`do/${name}`, 'act', () => new Promise<void>((resolve) => open.set(name, resolve)));
  }
  return {
    waiting: (wanted: readonly string[]) =>
      until(
        `${wanted} wait`,
        async () => wanted.every((name) => open.has(name)) && [...open.keys()].sort(),
      ),
    go: (wanted: readonly string[]) => {
      for (const name of wanted) {
        open.get(name)?.();
        open.delete(name);
      }
    },
  };
}

const decide = (handle: WorkflowHandle, action: string, attempt = 1) =>
  handle.executeUpdate<string, [unknown]>('decide', {
    args: [{ step: 'do', attempt, action, ...person }],
  });

test('targets run in waves of one, two, four, up to the maximum, each after the one before', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { waiting, go } = gates(names);
  const handle = await fan(names.join(','), { max: 3 });
  expect(await waiting(['a'])).toEqual(['a']);
  expect(ledger(await world.stateOf(handle))).toMatchObject({ a: 'running', b: 'pending' });
  go(['a']);
  expect(await waiting(['b', 'c'])).toEqual(['b', 'c']);
  go(['b']);
  go(['c']);
  expect(await waiting(['d', 'e', 'f'])).toEqual(['d', 'e', 'f']);
  go(['d', 'e', 'f']);
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(report.steps.find(({ id }) => id === 'do')?.result).toBe('6 done');
});

test('after an error nothing new starts, and a retry touches what failed and what was not started', async () => {
  world.on('do/b', 'act', hopeless);
  const handle = await fan('a,b,c');
  const parked = await world.untilState(handle, 'parked');
  expect(ledger(parked)).toEqual({ a: 'done', b: 'failed', c: 'not-started' });
  expect(parked.steps.find(({ id }) => id === 'do')).toMatchObject({
    status: 'parked',
    error: {
      code: 'RB_TARGETS_FAILED',
      what: '1 of 3 targets failed, 1 not started: c',
      why: 'do/b: TOY_HOPELESS: it cannot work',
    },
  });
  world.on('do/b', 'act', () => undefined);
  await decide(handle, 'retry');
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(ledger(report)).toEqual({ a: 'done', b: 'done', c: 'done' });
  expect(acts()).toEqual(['do/a', 'do/b', 'do/b', 'do/c', 'after']);
});

test('what runs beside a failure finishes before the fan-out parks', async () => {
  const { waiting, go } = gates(['c']);
  world.on('do/b', 'act', hopeless);
  const handle = await fan('a,b,c,d', { max: 2 });
  await waiting(['c']);
  await until('b has failed', async () => ledger(await world.stateOf(handle)).b === 'failed');
  expect((await world.stateOf(handle)).state).toBe('running');
  go(['c']);
  const parked = await world.untilState(handle, 'parked');
  expect(ledger(parked)).toEqual({ a: 'done', b: 'failed', c: 'done', d: 'not-started' });
  await decide(handle, 'abort');
  await world.report(handle);
});

test('errors up to the maximum let the run go on to its end, do not widen the waves, and fail it', async () => {
  world.on('do/a', 'act', hopeless);
  const { waiting, go } = gates(['b', 'c', 'd']);
  const handle = await fan('a,b,c,d', { max: 4, maxErrors: 1 });
  expect(await waiting(['b'])).toEqual(['b']);
  go(['b']);
  await waiting(['c', 'd']);
  go(['c', 'd']);
  const report = await world.report(handle);
  expect(acts().at(-1)).toBe('after');
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: true,
    error: {
      code: 'RB_TARGETS_FAILED',
      what: '1 of 4 targets failed: a',
      why: 'do/a: TOY_HOPELESS: it cannot work',
    },
  });
  expect(report.summary).toMatch(/^Failed at "Do each" .* and needs a person: /);
  expect(report.steps[0]).toMatchObject({ status: 'failed', result: '3 done, 1 failed: a' });
  expect(ledger(report)).toEqual({ a: 'failed', b: 'done', c: 'done', d: 'done' });
  expect(report.findings).toEqual([
    { name: 'do/a', value: 'TOY_HOPELESS: it cannot work', ok: false },
  ]);
});

test('skip leaves what failed and what was not started, and the run goes on', async () => {
  world.on('do/b', 'act', hopeless);
  const handle = await fan('a,b,c');
  await world.untilState(handle, 'parked');
  await decide(handle, 'skip');
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(ledger(report)).toEqual({ a: 'done', b: 'skipped', c: 'skipped' });
  expect(acts()).toEqual(['do/a', 'do/b', 'after']);
});

test('a run that undoes takes back every target that it touched', async () => {
  world.on('do/b', 'act', hopeless);
  const report = await world.report(await fan('a,b,c', {}, { onFailure: 'undo' }));
  expect(report).toMatchObject({ outcome: 'undone', changed: false });
  expect(ledger(report)).toEqual({ a: 'undone', b: 'undone', c: 'not-started' });
});

test('a run that aborts leaves the targets as they are', async () => {
  world.on('do/b', 'act', hopeless);
  const report = await world.report(await fan('a,b,c', {}, { onFailure: 'abort' }));
  expect(report).toMatchObject({ outcome: 'failed', error: { code: 'RB_TARGETS_FAILED' } });
  expect(ledger(report)).toEqual({ a: 'done', b: 'failed', c: 'not-started' });
  expect(world.calls.some((call) => call.includes('undo'))).toBe(false);
});

test('a stop waits until what runs has ended, and starts nothing more', async () => {
  const { waiting, go } = gates(['a']);
  const handle = await fan('a,b');
  await waiting(['a']);
  await handle.executeUpdate('stop', { args: [{ mode: 'here', ...person }] });
  go(['a']);
  const report = await world.report(handle);
  expect(report.outcome).toBe('stopped');
  expect(ledger(report)).toEqual({ a: 'stopped', b: 'not-started' });
  expect(report.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'do stopped',
    'do/a stopped',
  ]);
});

test('a target that is in place is not touched', async () => {
  world.on('do/a', 'probe', () => ({ state: 'in-place', now: 'a is there' }));
  const report = await world.report(await fan('a,b'));
  expect(ledger(report)).toEqual({ a: 'in-place', b: 'done' });
  expect(acts()).toEqual(['do/b', 'after']);
});

test('a plan shows the probe of each target, the order and the pace, and acts on none', async () => {
  const report = await world.report(await fan('a,b', { max: 2 }, { plan: true }));
  expect(world.calls).toEqual(['do/a probe 1', 'do/b probe 1', 'after probe 1']);
  expect(report.approvedPlan).toMatchObject({
    changes: 3,
    lines: [
      {
        step: 'do',
        now: '2 targets in waves of 1, 2, 4, up to 2: a, b; ends after the first error',
      },
      { step: 'do/a', now: 'not there', change: 'make it', undo: 'undo' },
      { step: 'do/b', now: 'not there', change: 'make it', undo: 'undo' },
      { step: 'after' },
    ],
  });
});

test('a run bound to its plan carries it out target by target', async () => {
  const { approvedPlan } = await world.report(await fan('a,b', {}, { plan: true }));
  const report = await world.report(await fan('a,b', {}, { planDigest: approvedPlan?.digest }));
  expect(report.outcome).toBe('succeeded');
  expect(ledger(report)).toEqual({ a: 'done', b: 'done' });
});

test('a hold lets no new target begin, and a release lets them go on', async () => {
  const { waiting, go } = gates(['b']);
  const handle = await fan('a,b,c,d', { max: 2 });
  await waiting(['b']);
  await until('c is done', async () => ledger(await world.stateOf(handle)).c === 'done');
  await handle.executeUpdate('hold', { args: [person] });
  go(['b']);
  await world.untilState(handle, 'held');
  expect(ledger(await world.stateOf(handle))).toMatchObject({ b: 'done', d: 'pending' });
  await handle.executeUpdate('release', { args: [person] });
  expect(ledger(await world.report(handle))).toMatchObject({ d: 'done' });
});

test('too many targets, or one that is there twice, are refused before any is touched', async () => {
  const many = Array.from({ length: limits.fanOutTargets + 1 }, (_, n) => `t${n}`).join(',');
  for (const [targets, words] of [
    [many, `at most ${limits.fanOutTargets} are accepted`],
    ['a,b,a', 'the target a is there twice'],
  ] as const) {
    const report = await world.report(await fan(targets));
    expect(report).toMatchObject({ outcome: 'failed', changed: false });
    expect(report.error?.why).toContain(words);
  }
  expect(world.calls).toEqual([]);
});
