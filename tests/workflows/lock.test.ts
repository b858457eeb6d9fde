import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LockBook } from '../../src/shared/lock.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());

let open = Promise.withResolvers<void>();
let inside = 0;
let most = 0;
beforeEach(() => {
  world.reset();
  open = Promise.withResolvers<void>();
  inside = 0;
  most = 0;
  // The first step's act stands for work on the platform: it waits for the test and counts who is inside.
  world.on('one', 'act', async () => {
    inside += 1;
    most = Math.max(most, inside);
    await open.promise;
    inside -= 1;
  });
});

const started = () => until('an act has begun', async () => inside > 0);

test('the second run on a platform waits and says for whom', async () => {
  const first = await world.start('two-steps');
  await started();
  const second = await world.start('two-steps');
  const state = await until('it knows its holder', async () => {
    const now = await world.stateOf(second);
    return now.locks[0]?.heldBy.length ? now : undefined;
  });
  expect(state.state).toBe('waiting-for-lock');
  expect(state.locks[0]).toMatchObject({ status: 'waiting', heldBy: [first.workflowId] });
  open.resolve();
  const reports = await Promise.all([first, second].map((run) => world.report(run)));
  expect(reports.map((report) => report.outcome)).toEqual(['succeeded', 'succeeded']);
  expect(most).toBe(1);
});

test('later holders have higher tokens', async () => {
  open.resolve();
  const tokens: number[] = [];
  for (const run of [1, 2, 3]) {
    const report = await world.report(await world.start('two-steps', {}, `tokens-${run}`));
    tokens.push(report.locks[0]?.token ?? 0);
  }
  expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
  expect(new Set(tokens).size).toBe(3);
});

test('runs on different platforms do not wait for each other', async () => {
  const runs = await Promise.all(
    ['left', 'right'].map((platform) => world.start('two-steps', { platform })),
  );
  await until('both are inside', async () => inside === 2);
  open.resolve();
  await Promise.all(runs.map((run) => world.report(run)));
});

test('a holder that was terminated is found out while somebody waits', async () => {
  const first = await world.start('two-steps');
  await started();
  const second = await world.start('two-steps');
  await world.untilState(second, 'waiting-for-lock');
  await first.terminate();
  open.resolve();
  expect((await world.report(second)).outcome).toBe('succeeded');
}, 30_000);

test('a waiting run that is stopped leaves the queue', async () => {
  const runs: WorkflowHandle[] = [await world.start('two-steps')];
  await started();
  for (const _ of [1, 2]) runs.push(await world.start('two-steps'));
  const [first, second, third] = runs as [WorkflowHandle, WorkflowHandle, WorkflowHandle];
  await world.untilState(second, 'waiting-for-lock');
  await second.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'not now' }] });
  open.resolve();
  expect((await world.report(second)).outcome).toBe('stopped');
  expect((await world.report(first)).outcome).toBe('succeeded');
  expect((await world.report(third)).outcome).toBe('succeeded');
});

const about = (...services: string[]) => ({ params: { services } });

test('runs about different services go on side by side, about the same one in turn', async () => {
  const first = await world.start('two-steps', about('db', 'web'));
  const second = await world.start('two-steps', about('cache'));
  await until('both are inside', async () => inside === 2);
  const third = await world.start('two-steps', about('web', 'queue'));
  const waits = await until('it knows its holder', async () => {
    const { locks } = await world.stateOf(third);
    return locks.find(({ heldBy }) => heldBy.length > 0);
  });
  expect(waits).toMatchObject({ key: 'toy/web', heldBy: [first.workflowId] });
  open.resolve();
  for (const run of [first, second, third]) {
    expect((await world.report(run)).outcome).toBe('succeeded');
  }
  expect(most).toBe(2);
});

test('a run about the whole platform and one about a service exclude each other', async () => {
  const part = await world.start('two-steps', about('db'));
  await started();
  const whole = await world.start('two-steps');
  await until('the whole waits for the part', async () => {
    const { locks } = await world.stateOf(whole);
    return locks[0]?.heldBy[0] === part.workflowId;
  });
  const later = await world.start('two-steps', about('web'));
  await until('the later part waits behind the whole', async () => {
    const { locks } = await world.stateOf(later);
    return locks[0]?.status === 'waiting' && locks[0].heldBy.length > 0;
  });
  open.resolve();
  for (const run of [part, whole, later]) {
    expect((await world.report(run)).outcome).toBe('succeeded');
  }
  expect(most).toBe(1);
});

test('what was taken is given back when a later lock of the same run is not waited for', async () => {
  const holder = await world.start('two-steps', about('web'));
  await started();
  const waiter = await world.start('two-steps', about('db', 'web'));
  await world.untilState(waiter, 'waiting-for-lock');
  await until('it has the first', async () => {
    const { locks } = await world.stateOf(waiter);
    return locks.some(({ key, status }) => key === 'toy/db' && status === 'held');
  });
  await waiter.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'not now' }] });
  expect((await world.report(waiter)).locks.map(({ status }) => status)).toEqual([
    'released',
    'released',
    'released',
  ]);
  open.resolve();
  const next = await world.start('two-steps', about('db'));
  expect((await world.report(next)).outcome).toBe('succeeded');
  expect((await world.report(holder)).outcome).toBe('succeeded');
});

test('a lock that is broken goes to the next, and the run that lost it changes nothing more', async () => {
  const first = await world.start('two-steps', { options: { onFailure: 'abort' } });
  await started();
  const second = await world.start('two-steps');
  await world.untilState(second, 'waiting-for-lock');
  const lock = world.client.workflow.getHandle('lock/toy');
  const { holders } = await lock.query<LockBook, []>('lock-state');
  const [{ workflowId, execution } = { workflowId: '', execution: '' }] = holders;
  expect(workflowId).toBe(first.workflowId);
  const argument = { workflowId, execution, by: 'ann', why: 'its host is gone' };
  await lock.executeUpdate('lock-break', { args: [argument] });
  await until('the second has it', async () => (await world.stateOf(second)).state === 'running');
  const book = await lock.query<LockBook, []>('lock-state');
  expect(book.broken?.[0]).toMatchObject(argument);
  const again = lock.executeUpdate('lock-break', { args: [argument] });
  await expect(again).rejects.toMatchObject({
    cause: { message: `${first.workflowId} neither holds toy nor waits for it` },
  });
  open.resolve();
  expect((await world.report(second)).outcome).toBe('succeeded');
  expect(await world.report(first)).toMatchObject({
    outcome: 'failed',
    error: { code: 'RB_LOCK_LOST' },
  });
});
