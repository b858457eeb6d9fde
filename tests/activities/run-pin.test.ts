import { expect, test } from 'vitest';
import { pinnedOnce } from '../../src/activities/run-pin.ts';
import { testRun } from './test-platform-run.ts';

function pinning(phase: 'probe' | 'verify') {
  const { attempt } = testRun({ db: 'h' });
  const own = { ...attempt, ctx: { ...attempt.ctx, phase } };
  return (seen: unknown) =>
    pinnedOnce(own, 'look', async () => {
      if (seen instanceof Error) throw seen;
      return seen;
    });
}

test('the first answer of a run stands, whatever is there later', async () => {
  const look = pinning('verify');
  expect(await look(['a'])).toEqual(['a']);
  expect(await look(['b'])).toEqual(['a']);
});

test('a look that failed keeps nothing', async () => {
  const look = pinning('verify');
  await expect(look(new Error('no'))).rejects.toThrow('no');
  expect(await look(['b'])).toEqual(['b']);
});

test('a plan looks each time', async () => {
  const look = pinning('probe');
  expect(await look(['a'])).toEqual(['a']);
  expect(await look(['b'])).toEqual(['b']);
});
