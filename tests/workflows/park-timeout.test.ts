import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.reset();
  world.on('two', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
  });
});

test('a park that nobody ends in time is undone, and the report says that nobody decided', async () => {
  world.park = { timeoutMs: 1000, action: 'undo' };
  const report = await world.report(await world.start('two-steps'));
  expect(report).toMatchObject({
    outcome: 'undone',
    changed: false,
    decisions: [{ step: 'two', action: 'undo', by: 'time-out' }],
  });
  expect(report.decisions[0]?.why).toMatch(/^nobody decided within 1\.\d s$/);
});

test('a park that is to abort leaves things as they are', async () => {
  world.park = { timeoutMs: 1000, action: 'abort' };
  const report = await world.report(await world.start('two-steps'));
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: true,
    decisions: [{ step: 'two', action: 'abort', by: 'time-out' }],
  });
  expect(world.calls.some((call) => call.includes('undo'))).toBe(false);
});

test('while it waits the state says when it ends, and a decision takes that away', async () => {
  world.park = { timeoutMs: 600_000, action: 'undo' };
  const handle = await world.start('two-steps');
  const parked = await world.untilState(handle, 'parked');
  const [, two] = parked.steps;
  expect(two?.parkEnd?.action).toBe('undo');
  const waits = Date.parse(two?.parkEnd?.at ?? '') - Date.parse(two?.parkedAt ?? '');
  expect(Math.abs(waits - 600_000)).toBeLessThan(5000);
  world.on('two', 'act', () => undefined);
  const decision = { step: 'two', attempt: 1, action: 'retry', by: 'ann', why: 'mended' };
  await handle.executeUpdate('decide', { args: [decision] });
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(report.steps[1]).not.toHaveProperty('parkEnd');
});

test('every park has its whole time', async () => {
  world.park = { timeoutMs: 2500, action: 'abort' };
  const handle = await world.start('two-steps');
  await world.untilState(handle, 'parked');
  const decision = { step: 'two', attempt: 1, action: 'retry', by: 'ann', why: 'once more' };
  await handle.executeUpdate('decide', { args: [decision] });
  const report = await world.report(handle);
  expect(report.decisions.map(({ action, by }) => `${action} ${by}`)).toEqual([
    'retry ann',
    'abort time-out',
  ]);
  const [, two] = report.steps;
  expect(Date.parse(two?.endedAt ?? '') - Date.parse(two?.parkedAt ?? '')).toBeGreaterThan(2400);
});
