import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { ToyWorld, unlessAborted } from './toy-world.ts';

/** The last step starts something that builds on what was done: from then on nothing of it may be taken away. */

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const undo = { mode: 'undo', by: 'ann', why: 'wrong one' };
const undone = () => world.calls.filter((call) => call.includes('undo'));

test('a stop during its act leaves everything as it is, and says that it is changed', async () => {
  world.on('two', 'act', () => unlessAborted(new Promise(() => undefined)));
  const handle = await world.start('handing-over');
  await until('the act has begun', async () => world.calls.includes('two act 1'));
  await handle.executeUpdate('stop', { args: [undo] });
  expect(await world.report(handle)).toMatchObject({ outcome: 'stopped', changed: true });
  expect(undone()).toEqual([]);
});

test('a stop before it undoes', async () => {
  world.on('one', 'act', () => unlessAborted(new Promise(() => undefined)));
  const handle = await world.start('handing-over');
  await until('the act has begun', async () => world.calls.includes('one act 1'));
  await handle.executeUpdate('stop', { args: [undo] });
  expect(await world.report(handle)).toMatchObject({ outcome: 'stopped', changed: false });
  expect(undone()).toEqual(['one undo 2']);
});

test('its failure is a failure of the run, and what was done stays', async () => {
  world.on('two', 'act', () => Promise.reject(new Error('no')));
  const handle = await world.start('handing-over', { options: { onFailure: 'undo' } });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'failed', changed: true });
  expect(undone()).toEqual([]);
});
