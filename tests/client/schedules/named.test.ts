import { expect, test } from 'vitest';
import { scheduleNamed } from '../../../src/client/schedules/named.ts';

const schedules = (...ids: string[]) => ({
  list: async () =>
    ids.map(
      (id) => ({ id }) as Awaited<ReturnType<Parameters<typeof scheduleNamed>[1]['list']>>[number],
    ),
});

test('a schedule goes by its name in the platform file where that is unique', async () => {
  const known = schedules('lab/nightly', 'shop/hourly');
  expect(await scheduleNamed('nightly', known)).toBe('lab/nightly');
  expect(await scheduleNamed('lab/other', known)).toBe('lab/other');
});

test.each([
  [
    ['lab/nightly', 'shop/nightly'],
    'several schedules are called nightly',
    'lab/nightly, shop/nightly',
  ],
  [['lab/nightlx'], 'there is no schedule nightly', 'did you mean "nightlx"?'],
])('with %j it is refused by a short name', async (ids, message, why) => {
  await expect(scheduleNamed('nightly', schedules(...ids))).rejects.toMatchObject({
    code: 'RB_SCHEDULE_UNKNOWN',
    message,
    why: expect.stringContaining(why),
  });
});
