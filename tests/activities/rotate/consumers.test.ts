import { expect, test } from 'vitest';
import { createConsumerActivities } from '../../../src/activities/rotate/consumers.ts';
import { until } from '../../support/until.ts';
import { rotationRun, secret } from './rotation-run.ts';

async function measured() {
  const world = await rotationRun('restart');
  const { measureGap } = createConsumerActivities(world.run.deps);
  const later = (ms: number) => {
    const at = Date.now() + ms;
    return until('time has passed', async () => Date.now() > at);
  };
  return {
    ...{ ...world, later },
    measure: async () => (await world.as(() => measureGap(world.attempt.ctx, world.asked))).gapMs,
  };
}

test('a gap counts from the delivery when the worker died before it wrote down that it had set the value', async () => {
  const { deliver, later, measure } = await measured();
  await deliver('v2');
  await later(100);
  expect(await measure()).toBeGreaterThanOrEqual(95);
});

test('a gap that was measured is measured no more: a retry would count its own time', async () => {
  const { deliver, later, measure, store } = await measured();
  await deliver('v2');
  const first = await measure();
  await later(100);
  expect(await measure()).toBe(first);
  const told = (await store.journal(secret)).filter(({ event }) => event === 'proved');
  expect(told).toHaveLength(1);
});
