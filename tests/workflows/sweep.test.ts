import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { startSweep } from '../support/sweep.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

async function sweep(handle: WorkflowHandle): Promise<RunReport> {
  // Of the latest execution: after a sweep that is another one.
  const run = world.client.workflow.getHandle(handle.workflowId);
  const started = await startSweep(world.client, run);
  expect(await started.result()).toBe('revived');
  return world.report(run);
}

/** An act that goes on until it is told to end. */
const untilAborted = () =>
  new Promise((_, reject) => {
    currentAttempt().signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

async function terminatedInAct(runbook = 'two-steps', request = {}): Promise<WorkflowHandle> {
  world.on('two', 'act', untilAborted);
  const handle = await world.start(runbook, request);
  await until('the act has begun', async () => world.calls.includes('two act 1'));
  await handle.terminate('by mistake');
  return handle;
}

const callsOf = (phase: string) => world.calls.filter((call) => call.includes(` ${phase} `));

test('a run that was terminated in an act undoes all that it had begun, newest first', async () => {
  const report = await sweep(await terminatedInAct());
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
  expect(report.decisions).toMatchObject([
    { action: 'stop-undo', by: 'ann', why: 'it was ended by mistake' },
  ]);
  expect(callsOf('undo').map((call) => call.split(' ')[0])).toEqual(['two', 'one']);
  expect(callsOf('act')).toEqual(['one act 1', 'two act 1']);
});

test('whatever a failure would lead to', async () => {
  const request = { options: { onFailure: 'abort' } };
  const report = await sweep(await terminatedInAct('two-steps', request));
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
});

test('a swept run has a report, and there is nothing to sweep a second time', async () => {
  const handle = await terminatedInAct();
  await sweep(handle);
  const { status } = await world.client.workflow.getHandle(handle.workflowId).describe();
  expect(status.name).toBe('FAILED');
});

test('a step that the run never came to is neither probed nor undone', async () => {
  world.on('one', 'act', untilAborted);
  const handle = await world.start('two-steps');
  await until('the act has begun', async () => world.calls.includes('one act 1'));
  await handle.terminate();
  const report = await sweep(handle);
  expect(report.steps.map(({ id, status }) => [id, status])).toEqual([['one', 'undone']]);
  expect(world.calls.filter((call) => call.startsWith('two'))).toEqual([]);
});

test('what the run found in place stays', async () => {
  world.on('one', 'probe', () => ({ state: 'in-place', now: 'there already' }));
  const report = await sweep(await terminatedInAct());
  expect(report.steps.map(({ status }) => status)).toEqual(['in-place', 'undone']);
});

test('branches that ran side by side are undone, each one', async () => {
  for (const side of ['left', 'right']) world.on(side, 'act', untilAborted);
  const handle = await world.start('diamond');
  await until(
    'both acts have begun',
    async () => world.calls.includes('left act 1') && world.calls.includes('right act 1'),
  );
  await handle.terminate();
  const report = await sweep(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(callsOf('undo').map((call) => call.split(' ')[0])).toEqual(
    expect.arrayContaining(['left', 'right', 'top']),
  );
  expect(callsOf('act')).toHaveLength(3);
});

test('a parked run that was terminated is undone', async () => {
  world.on('two', 'act', () => {
    throw new Error('it broke');
  });
  const handle = await world.start('two-steps', { platform: 'parked' });
  await world.untilState(handle, 'parked');
  await handle.terminate();
  const report = await sweep(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
}, 30_000);

test('a run that was terminated while it undid goes on undoing', async () => {
  world.on('one', 'undo', (ctx) => (ctx.sweep ? undefined : untilAborted()));
  world.on('two', 'act', () => {
    throw new Error('it broke');
  });
  const handle = await world.start('two-steps', { options: { onFailure: 'undo' } });
  await until('its undo has begun', async () => callsOf('undo').length === 2, 20_000);
  await handle.terminate();
  const report = await sweep(handle);
  expect(report).toMatchObject({ outcome: 'undone', changed: false });
  expect(report.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
}, 30_000);

test('a swept run that is terminated once more is swept once more', async () => {
  world.on('one', 'undo', () => (callsOf('undo').length > 2 ? undefined : untilAborted()));
  const handle = await terminatedInAct();
  const first = sweep(handle);
  await until('its undo has begun', async () => callsOf('undo').length === 2);
  await world.client.workflow.getHandle(handle.workflowId).terminate();
  await first;
  const report = await sweep(world.client.workflow.getHandle(handle.workflowId));
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
}, 30_000);

test('an undo that fails is named, and a person is needed', async () => {
  world.on('one', 'undo', () => {
    throw new Error('it is stuck');
  });
  const report = await sweep(await terminatedInAct());
  expect(report).toMatchObject({
    outcome: 'failed',
    changed: true,
    error: { code: 'RB_UNDO_INCOMPLETE' },
  });
  expect(report.steps.map(({ status }) => status)).toEqual(['undo-failed', 'undone']);
}, 30_000);

test('after another run has changed the platform, nothing of the gone one is undone', async () => {
  const handle = await terminatedInAct('two-steps', { platform: 'taken' });
  world.on('two', 'act', () => undefined);
  await world.report(await world.start('two-steps', { platform: 'taken' }));
  world.calls.length = 0;
  const report = await sweep(handle);
  expect(report).toMatchObject({
    outcome: 'stopped',
    changed: false,
    error: { code: 'RB_SUPERSEDED' },
  });
  expect(callsOf('undo')).toEqual([]);
}, 30_000);

test('of two gone runs the later is undone first, and then the earlier one can be', async () => {
  const earlier = await terminatedInAct('two-steps', { platform: 'twice' });
  world.calls.length = 0;
  const later = await terminatedInAct('two-steps', { platform: 'twice' });
  expect(await sweep(later)).toMatchObject({ outcome: 'stopped', changed: false });
  const report = await sweep(earlier);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report).not.toHaveProperty('error');
  expect(callsOf('undo')).toHaveLength(4);
}, 30_000);

test('the locks are taken anew: a run that reads meanwhile is waited for', async () => {
  const handle = await terminatedInAct('two-steps', { platform: 'read' });
  // Its probe raises no fence, so nothing has changed once it is over.
  const inPlace = () => ({ state: 'in-place', now: 'there already' });
  for (const step of ['one', 'two']) world.on(step, 'probe', inPlace);
  await world.report(await world.start('two-steps', { platform: 'read' }));
  const report = await sweep(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report).not.toHaveProperty('error');
  expect(callsOf('undo')).toHaveLength(2);
  const tokens = report.locks.map(({ token }) => token);
  expect(tokens[0]).toBeGreaterThan(0);
}, 30_000);

test('a result of a terminated run is its failure until it is swept', async () => {
  const handle = await terminatedInAct();
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
});
