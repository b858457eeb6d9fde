import { expect, test } from 'vitest';
import { settledWords } from '../../src/report/settled-words.ts';
import { step } from './sample-reports.ts';

const nothing = 'nothing was started or replaced';

test('says what was watched as long as no act was skipped', () => {
  const steps = [step('start-web'), step('look', { risk: 'read', status: 'skipped' })];
  expect(settledWords(nothing, 0, steps)).toBe(nothing);
});

test('does not say that nothing was started when the act that did so was skipped', () => {
  const skipped = [step('start-web', { status: 'skipped' })];
  expect(settledWords(nothing, 0, skipped)).toBe('no service was watched; skipped: start-web');
  expect(settledWords('1 service stayed ready', 1, skipped)).toBe(
    '1 service stayed ready; skipped: start-web',
  );
});
