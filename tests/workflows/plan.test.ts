import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const plan = async () => world.report(await world.start('two-steps', { options: { plan: true } }));

test('a plan probes and never acts, and says what is true and what would change', async () => {
  world.on('one', 'probe', () => ({ state: 'in-place', now: 'one is there' }));
  const report = await plan();
  expect(report.outcome).toBe('planned');
  expect(world.calls).toEqual(['one probe 1', 'two probe 1']);
  expect(report.approvedPlan).toMatchObject({
    changes: 1,
    lines: [
      { step: 'one', now: 'one is there', undo: 'undo' },
      { step: 'two', now: 'not there', change: 'make it', undo: 'undo' },
    ],
  });
});

test('the same state gives the same digest; a changed one gives another', async () => {
  const [first, second] = [await plan(), await plan()];
  world.on('two', 'probe', () => ({ state: 'absent', now: 'half there', change: 'mend it' }));
  const third = await plan();
  expect(second.approvedPlan?.digest).toBe(first.approvedPlan?.digest);
  expect(third.approvedPlan?.digest).not.toBe(first.approvedPlan?.digest);
});

test('a run bound to a plan carries it out when nothing has moved', async () => {
  const { approvedPlan } = await plan();
  const planDigest = approvedPlan?.digest as string;
  const report = await world.report(await world.start('two-steps', { options: { planDigest } }));
  expect(report.outcome).toBe('succeeded');
  expect(report.approvedPlan?.digest).toBe(planDigest);
});

test('a run bound to a plan refuses when the state has moved, and changes nothing', async () => {
  const { approvedPlan } = await plan();
  world.on('two', 'probe', () => ({ state: 'absent', now: 'half there', change: 'mend it' }));
  const planDigest = approvedPlan?.digest as string;
  const report = await world.report(await world.start('two-steps', { options: { planDigest } }));
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: false,
    error: { code: 'RB_PLAN_DRIFT' },
  });
  expect(report.error?.why).toContain('half there -> mend it');
  expect(world.calls.some((call) => call.includes('act'))).toBe(false);
});
