import { CancelledFailure, type WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** An act that goes on until it is told to end, and notes that it has ended. */
const untilAborted = () =>
  new Promise((_, reject) => {
    currentAttempt().signal.addEventListener('abort', () => {
      world.calls.push('act ended');
      reject(new Error('aborted'));
    });
  });

async function runInAct() {
  world.on('two', 'act', untilAborted);
  const handle = await world.start('two-steps');
  await until('the act has begun', async () => world.calls.includes('two act 1'));
  return handle;
}

test('stop with undo ends the act under way, then unwinds', async () => {
  const handle = await runInAct();
  await handle.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'wrong one' }] });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(world.calls.slice(-3)).toEqual(['act ended', 'two undo 2', 'one undo 2']);
  expect(report.decisions).toMatchObject([{ action: 'stop-undo', by: 'ann', why: 'wrong one' }]);
});

test('stop here leaves what was done', async () => {
  const handle = await runInAct();
  await handle.executeUpdate('stop', { args: [{ mode: 'here', by: 'ann', why: 'enough' }] });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: true });
  expect(report.steps.map((step) => step.status)).toEqual(['done', 'stopped']);
});

test('a stop that reaches the last activity too late to end it is kept all the same', async () => {
  const go = Promise.withResolvers<void>();
  world.on('two', 'verify', () => go.promise);
  const handle = await world.start('two-steps');
  await until('the last activity has begun', async () => world.calls.includes('two verify 1'));
  await handle.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'wrong one' }] });
  go.resolve();
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.steps.map((step) => step.status)).toEqual(['undone', 'undone']);
});

test("Temporal's own cancel does what the definition says and ends as cancelled", async () => {
  const handle = await runInAct();
  await handle.cancel();
  const error = await handle.result().catch((reason: unknown) => reason);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  const report = await handle.query<RunReport>('report');
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.decisions).toMatchObject([{ action: 'cancel' }]);
});

test('a stop without a reason, or of an unknown mode, is refused', async () => {
  const handle = await runInAct();
  const stop = (args: unknown) => handle.executeUpdate('stop', { args: [args] });
  await expect(stop({ mode: 'undo', by: 'ann' })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('"why" is missing') },
  });
  await expect(stop({ mode: 'maybe', by: 'ann', why: 'x' })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('unknown mode maybe') },
  });
  await handle.cancel();
  await world.report(handle);
});
