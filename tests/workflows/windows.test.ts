import type { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { taskQueue } from '../../src/shared/messages.ts';
import type { WindowVerdict } from '../../src/shared/windows.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const closed: WindowVerdict = {
  open: false,
  opensAt: '2026-11-25T21:00:00.000Z',
  opens: 'Wed, 25 Nov 2026, 22:00 (Europe/Berlin)',
};

/** Runs on the server that say of themselves that they were blocked. */
async function blockedRuns(trigger: string): Promise<string[]> {
  const query = `RunbookState = "blocked" AND RunbookTrigger = "${trigger}"`;
  const ids: string[] = [];
  for await (const { workflowId } of world.client.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

test('a run outside every window ends at once, untouched, and says when the next opens', async () => {
  world.window = closed;
  const handle = await world.start('two-steps');
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'blocked', changed: false, steps: [], locks: [] });
  expect(report.outsideWindow).toEqual({ opensAt: closed.opensAt, opens: closed.opens });
  expect(report.summary).toContain('the next opens Wed, 25 Nov 2026, 22:00 (Europe/Berlin)');
  expect(report.error).toMatchObject({
    code: 'RB_OUTSIDE_WINDOW',
    fix: expect.stringContaining('--outside-window REASON'),
  });
  expect(world.calls).toEqual([]);
  expect((await world.stateOf(handle)).state).toBe('blocked');
  const failure = (await handle.result().catch((error) => error)) as WorkflowFailedError;
  expect((failure.cause as ApplicationFailure).type).toBe('RB_OUTSIDE_WINDOW');
  await until('the server lists it as blocked', async () =>
    (await blockedRuns('cli')).includes(handle.workflowId),
  );
});

test('a reason lets it run, and stands in the report', async () => {
  world.window = closed;
  const options = { outsideWindow: 'the disk is full' };
  const report = await world.report(await world.start('two-steps', { options }));
  expect(report.outcome).toBe('succeeded');
  expect(report.outsideWindow).toMatchObject({ reason: 'the disk is full' });
});

test('a reason that was not needed is not told', async () => {
  world.window = { open: true };
  const options = { outsideWindow: 'in case it takes long' };
  const report = await world.report(await world.start('two-steps', { options }));
  expect(report.outcome).toBe('succeeded');
  expect(report).not.toHaveProperty('outsideWindow');
});

test('a scheduled run is blocked whatever it says, and found as such', async () => {
  world.window = closed;
  const schedule = await world.client.schedule.create({
    scheduleId: 'toy/nightly',
    spec: {},
    action: {
      type: 'startWorkflow',
      workflowType: 'two-steps',
      taskQueue,
      args: [{ options: { outsideWindow: 'every night' } }],
    },
  });
  await schedule.trigger();
  const [run = ''] = await until('a scheduled run is listed as blocked', async () => {
    const runs = await blockedRuns('schedule');
    return runs.length > 0 && runs;
  });
  const report = await world.report(world.client.workflow.getHandle(run));
  expect(report).toMatchObject({ outcome: 'blocked', trigger: 'schedule', changed: false });
  expect(report.outsideWindow).not.toHaveProperty('reason');
  await schedule.delete();
});

test('a plan goes on and says when the window opens', async () => {
  world.window = closed;
  const report = await world.report(await world.start('two-steps', { options: { plan: true } }));
  expect(report).toMatchObject({ outcome: 'planned', outsideWindow: { opens: closed.opens } });
  expect(report.summary).toContain('The change windows are closed');
});

test('the clock is asked once when nobody is waited for', async () => {
  world.window = { open: true };
  await world.report(await world.start('two-steps'));
  expect(world.calls).not.toContain('check window');
});

/** A run that has the lock, and one behind it; both found the platform open, or without any window. */
async function oneWaits(options = {}, window?: WindowVerdict) {
  const go = Promise.withResolvers<void>();
  world.on('one', 'act', (ctx) => (ctx.run === first.workflowId ? go.promise : undefined));
  world.window = window;
  const first = await world.start('two-steps');
  await until('the first is at work', async () => world.calls.includes('one act 1'));
  const second = await world.start('two-steps', { options });
  await until('the second knows for whom it waits', async () => {
    const { locks } = await world.stateOf(second);
    return locks.some(({ heldBy }) => heldBy.length > 0);
  });
  return {
    first,
    second,
    async end() {
      go.resolve();
      await world.report(first);
      return world.report(second);
    },
  };
}

test('a run that waited past the window does not start, and gives its lock back', async () => {
  const { second, end } = await oneWaits({}, { open: true });
  world.window = closed;
  const report = await end();
  expect(report).toMatchObject({ outcome: 'blocked', changed: false, steps: [] });
  expect(report.locks).toMatchObject([{ status: 'released' }]);
  expect(world.calls).toContain('check window');
  expect((await world.stateOf(second)).state).toBe('blocked');
  world.window = { open: true };
  expect((await world.report(await world.start('two-steps'))).outcome).toBe('succeeded');
});

test('a run that waited inside the window goes on', async () => {
  const { end } = await oneWaits({}, { open: true });
  expect((await end()).outcome).toBe('succeeded');
  expect(world.calls).toContain('check window');
});

test('a run that waited past the window with a reason goes on', async () => {
  const { end } = await oneWaits({ outsideWindow: 'must be done today' }, { open: true });
  world.window = closed;
  expect(await end()).toMatchObject({
    outcome: 'succeeded',
    outsideWindow: { reason: 'must be done today' },
  });
});

test('the clock is never asked about a platform without windows', async () => {
  const { end } = await oneWaits();
  expect((await end()).outcome).toBe('succeeded');
  expect(world.calls).not.toContain('check window');
});

test('a run that was kept waiting by nobody, as by an absent worker, asks the clock again', async () => {
  world.window = { open: true };
  const handle = await world.client.workflow.start('two-steps', {
    ...{ taskQueue, workflowId: `late-${process.pid}`, args: [{}] },
    startDelay: '11s',
  });
  expect((await world.report(handle)).outcome).toBe('succeeded');
  expect(world.calls).toContain('check window');
});
