import { expect, test } from 'vitest';
import { triesWords } from '../../src/report/tries.ts';
import { step } from './sample-reports.ts';

const error = { code: 'RB_X', what: 'it broke' };

test.each([
  ['1', step('a', { tries: 0 })],
  ['3', step('a', { tries: 2 })],
  ['3', step('a', { tries: 3, status: 'failed', error })],
  ['1', step('a', { tries: 1, status: 'skipped', error })],
  ['in place', step('a', { tries: 0, status: 'in-place' })],
  ['–', step('a', { tries: 0, status: 'would-change' })],
  ['–', step('a', { tries: 0, status: 'skipped' })],
] as const)('%s of %j', (words, tried) => {
  expect(triesWords(tried)).toBe(words);
});
