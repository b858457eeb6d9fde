import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/shared/nearest.ts';

test('finds a word with one letter missing, added, changed or swapped', () => {
  const valid = ['platform', 'params', 'options'];
  expect(nearest('platfrm', valid)).toBe('platform');
  expect(nearest('paramss', valid)).toBe('params');
  expect(nearest('optuons', valid)).toBe('options');
  expect(nearest('optoins', valid)).toBe('options');
});

test('takes the nearest of several, whatever the case', () => {
  expect(nearest('PG2', ['pg12', 'pg2', 'pg3'])).toBe('pg2');
});

test('allows one slip in three letters and not two', () => {
  expect(nearest('abd', ['abc'])).toBe('abc');
  expect(nearest('add', ['abc'])).toBeUndefined();
});

test('allows three slips in a long word and not four', () => {
  expect(nearest('abcdefghiXXX', ['abcdefghijkl'])).toBe('abcdefghijkl');
  expect(nearest('abcdefghXXXX', ['abcdefghijkl'])).toBeUndefined();
});

test('gives up on a word that nobody typed', () => {
  const word = 'a'.repeat(128);
  expect(nearest(word, [`${word}b`])).toBe(`${word}b`);
  expect(nearest(`${word}a`, [word])).toBeUndefined();
});

test('words the suggestion, or says nothing', () => {
  expect(didYouMean('fils', ['files'])).toBe(' (did you mean "files"?)');
  expect(didYouMean('xyz', ['files'])).toBe('');
});
