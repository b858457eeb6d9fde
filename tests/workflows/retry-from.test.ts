import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const inPlace = () => ({ state: 'in-place', now: 'there already', output: 'found' });
const acts = () => world.calls.filter((call) => call.includes(' act '));

async function runFrom(runbook: string, from: string, options = {}) {
  return world.report(await world.start(runbook, { options: { from, ...options } }));
}

test('what comes before the first step is asked for and not done again; reads run again', async () => {
  world.on('one', 'probe', inPlace);
  const report = await runFrom('read-first', 'two');
  expect(report).toMatchObject({ outcome: 'succeeded', changed: true, from: 'two' });
  expect(report.steps.map(({ id, status }) => [id, status])).toEqual([
    ['read', 'done'],
    ['one', 'in-place'],
    ['two', 'done'],
  ]);
  expect(acts()).toEqual(['two act 1']);
  // Once for the plan that a start in the middle makes sure with, once for the run.
  expect(world.calls.filter((call) => call.startsWith('read'))).toEqual([
    'read probe 1',
    'read verify 1',
  ]);
});

test('a step before it that is not in place ends the run, whatever its failures lead to', async () => {
  const report = await runFrom('read-first', 'two', { onFailure: 'park' });
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: false,
    error: {
      code: 'RB_FROM_NOT_IN_PLACE',
      what: '"Do one" (one) comes before two and is not in place',
      why: 'not there; to do: make it',
      fix: expect.stringContaining('--from one'),
    },
  });
  expect(acts()).toEqual([]);
});

test('so does one that nobody can tell of', async () => {
  const report = await runFrom('blind-first', 'two');
  expect(report.error).toMatchObject({
    code: 'RB_FROM_NOT_IN_PLACE',
    why: expect.stringContaining('no probe'),
  });
  expect(acts()).toEqual([]);
});

test('a plan from the middle says the same', async () => {
  expect(await runFrom('two-steps', 'two', { plan: true })).toMatchObject({
    outcome: 'failed',
    error: { code: 'RB_FROM_NOT_IN_PLACE' },
  });
  world.on('one', 'probe', inPlace);
  expect(await runFrom('two-steps', 'two', { plan: true })).toMatchObject({
    outcome: 'planned',
    approvedPlan: { changes: 1 },
  });
});

test('a step that no run of the runbook has is refused before anything is done', async () => {
  world.on('one', 'probe', inPlace);
  world.on('two', 'probe', inPlace);
  const report = await runFrom('two-steps', 'tow');
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: false,
    error: {
      code: 'RB_STEP_UNKNOWN',
      what: 'two-steps has no step tow as things are (did you mean "two"?)',
      why: 'its steps are: one, two',
    },
  });
  expect(acts()).toEqual([]);
});

test('also when steps are not in place', async () => {
  const report = await runFrom('two-steps', 'tow', { plan: true });
  expect(report.error?.code).toBe('RB_STEP_UNKNOWN');
});

test('work beside the first step is not before it, what it waits for is', async () => {
  world.on('top', 'probe', inPlace);
  const report = await runFrom('diamond', 'left');
  expect(report).toMatchObject({ outcome: 'succeeded' });
  expect(acts().sort()).toEqual(['bottom act 1', 'left act 1', 'right act 1']);
  world.calls.length = 0;
  const refused = await runFrom('diamond', 'bottom');
  expect(refused.error?.code).toBe('RB_FROM_NOT_IN_PLACE');
  expect(acts()).toEqual([]);
});

test('a run that does another one again says so, also in lists', async () => {
  const handle = await world.start('two-steps', { meta: { retryOf: 'toy-before' } });
  expect((await world.report(handle)).retryOf).toBe('toy-before');
  const { memo } = await handle.describe();
  expect(memo).toEqual({ retryOf: 'toy-before' });
});
