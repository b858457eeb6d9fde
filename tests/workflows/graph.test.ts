import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const position = (call: string) => world.calls.indexOf(call);

test('each step starts when what it depends on is verified, and independent ones run side by side', async () => {
  const both = Promise.withResolvers<void>();
  let inside = 0;
  for (const side of ['left', 'right']) {
    world.on(side, 'act', async () => {
      inside += 1;
      if (inside === 2) both.resolve();
      await both.promise;
    });
  }
  const report = await world.report(await world.start('diamond'));
  expect(report.outcome).toBe('succeeded');
  expect(position('left probe 1')).toBeGreaterThan(position('top verify 1'));
  expect(position('right probe 1')).toBeGreaterThan(position('top verify 1'));
  expect(position('bottom probe 1')).toBeGreaterThan(position('left verify 1'));
  expect(position('bottom probe 1')).toBeGreaterThan(position('right verify 1'));
});

test('the first failure ends the others before anything is undone', async () => {
  world.on('left', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
  });
  world.on('right', 'act', async () => {
    await new Promise((_, reject) => {
      currentAttempt().signal.addEventListener('abort', () => {
        world.calls.push('right ended');
        reject(new Error('aborted'));
      });
    });
  });
  const report = await world.report(
    await world.start('diamond', { options: { onFailure: 'undo' } }),
  );
  expect(report.outcome).toBe('undone');
  const firstUndo = world.calls.findIndex((call) => call.includes('undo'));
  expect(position('right ended')).toBeLessThan(firstUndo);
  expect(position('bottom probe 1')).toBe(-1);
  expect(world.calls.at(-1)).toMatch(/^top undo/);
});
