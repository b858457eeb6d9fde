import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HoldRequest } from '../../src/shared/run-state.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const send = (run: WorkflowHandle, name: 'hold' | 'release', why: string) =>
  run.executeUpdate<string, [HoldRequest]>(name, { args: [{ by: 'ann', why }] });

/** A run whose first act waits for the test. */
async function runInFirstAct() {
  const go = Promise.withResolvers<void>();
  world.on('one', 'act', () => go.promise);
  const handle = await world.start('two-steps');
  await until('the act has begun', async () => world.calls.includes('one act 1'));
  return { handle, go: () => go.resolve() };
}

test('a held run ends the step under way, begins no other, and goes on when it is released', async () => {
  const { handle, go } = await runInFirstAct();
  await send(handle, 'hold', 'incident');
  expect(await world.stateOf(handle)).toMatchObject({ state: 'running', hold: { by: 'ann' } });
  go();
  const held = await world.untilState(handle, 'held');
  expect(held.steps.map(({ id, status }) => [id, status])).toEqual([['one', 'done']]);
  expect(world.calls.some((call) => call.startsWith('two'))).toBe(false);
  await send(handle, 'release', 'over');
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(report).not.toHaveProperty('hold');
  expect(report.decisions).toMatchObject([
    { action: 'hold', by: 'ann', why: 'incident' },
    { action: 'release', by: 'ann', why: 'over' },
  ]);
});

test('a held run can be stopped', async () => {
  const { handle, go } = await runInFirstAct();
  await send(handle, 'hold', 'incident');
  go();
  await world.untilState(handle, 'held');
  await handle.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'enough' }] });
  expect(await world.report(handle)).toMatchObject({ outcome: 'stopped', changed: false });
});

test('a failure is undone although the run is held', async () => {
  const { handle, go } = await runInFirstAct();
  await send(handle, 'hold', 'incident');
  await handle.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'enough' }] });
  go();
  expect(await world.report(handle)).toMatchObject({ outcome: 'stopped', changed: false });
});

test('a hold that makes no sense is refused with the reason', async () => {
  const { handle, go } = await runInFirstAct();
  const cause = (name: string, args: unknown) =>
    handle.executeUpdate(name, { args: [args] }).then(
      () => 'taken',
      (error: Error & { cause?: Error }) => error.cause?.message,
    );
  expect(await cause('release', { by: 'ann', why: 'x' })).toBe('the run is not held');
  expect(await cause('hold', { by: 'ann' })).toContain('"why" is missing');
  await send(handle, 'hold', 'incident');
  expect(await cause('hold', { by: 'bob', why: 'x' })).toBe('the run is held already, by ann');
  await send(handle, 'release', 'over');
  go();
  await world.report(handle);
});
