import { expect, test } from 'vitest';
import { createMutex } from '../../../src/activities/docker/mutex.ts';

test('one at a time for a key, also after a failure, and other keys do not wait', async () => {
  const mutex = createMutex();
  const events: string[] = [];
  const first = Promise.withResolvers<void>();
  const a = mutex('k', async () => {
    events.push('a starts');
    await first.promise;
    events.push('a ends');
    throw new Error('a failed');
  });
  const b = mutex('k', async () => void events.push('b'));
  await mutex('other', async () => void events.push('other'));
  first.resolve();
  await expect(a).rejects.toThrow('a failed');
  await b;
  expect(events).toEqual(['a starts', 'other', 'a ends', 'b']);
});
