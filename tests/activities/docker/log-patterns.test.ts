import { describe, expect, test } from 'vitest';
import { looksLikeError, matchAllowed } from '../../../src/activities/docker/log-patterns.ts';

test.for([
  ['2026-01-01 ERROR: x', true],
  ['[FATAL] x', true],
  ['level=CRITICAL', true],
  ['SEVERE:x', true],
  ['no errors here', false],
  ['ERRORS=0', false],
  ['TERROR', false],
  ['error: lower case is how programs talk about other things', false],
] as const)('%s looks like an error: %s', ([line, expected]) => {
  expect(looksLikeError(line)).toBe(expected);
});

test('only the first 2,000 characters of a line are looked at', () => {
  expect(looksLikeError(`${'x'.repeat(1994)} ERROR`)).toBe(true);
  expect(looksLikeError(`${'x'.repeat(1995)} ERROR`)).toBe(false);
});

describe('allow lines', () => {
  test('cover the lines they match and no others', () => {
    const lines = ['FATAL:  the database system is starting up', 'FATAL:  disk full'];
    expect(matchAllowed(lines, [{ pattern: 'starting up$' }, { pattern: 'nothing' }])).toEqual([
      true,
      false,
    ]);
  });

  test('with no pattern cover nothing', () => {
    expect(matchAllowed(['ERROR'], [])).toEqual([false]);
  });

  test('that would run for ever are stopped and named', () => {
    const line = `ERROR ${'a'.repeat(1900)}!`;
    expect(() => matchAllowed([line], [{ pattern: '(a+)+$' }])).toThrow(
      expect.objectContaining({
        code: 'RB_PATTERN_TOO_SLOW',
        why: expect.stringContaining('(a+)+$'),
      }),
    );
  });

  test('that are no regular expression are named', () => {
    expect(() => matchAllowed(['ERROR'], [{ pattern: '(' }])).toThrow(
      expect.objectContaining({ code: 'RB_PATTERN_INVALID' }),
    );
  });
});
