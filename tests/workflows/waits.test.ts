import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { waitsOf, withWaits } from '../../src/client/runs/waits.ts';
import { until } from '../support/until.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());

test('what a step waits for is read from the server, decrypted, as long as it waits', async () => {
  const waiting = { for: 'web: starting', since: '2026-11-24T12:00:53.000Z', timeoutMs: 1000 };
  const ready = Promise.withResolvers<void>();
  world.on('two', 'verify', () => {
    currentAttempt().waitsFor(waiting);
    return ready.promise;
  });
  const handle = await world.start('two-steps');
  const found = await until('it waits', async () => {
    const { raw } = await handle.describe();
    const waits = await waitsOf(world.client, raw.pendingActivities ?? []);
    return waits.length > 0 && waits;
  });
  expect(found).toEqual([{ step: 'two', ...waiting }]);
  const state = withWaits(await world.stateOf(handle), found);
  expect(state.steps.map((step) => step.waiting)).toEqual([undefined, waiting]);
  ready.resolve();
  const ended = await world.report(handle);
  expect(withWaits({ ...state, steps: ended.steps }, found).steps[1]).not.toHaveProperty('waiting');
});
