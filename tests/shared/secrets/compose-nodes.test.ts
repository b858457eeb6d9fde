import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { textOf } from '../../../src/shared/secrets/compose-nodes.ts';

const nodeOf = (text: string) => parseDocument(text).contents;

test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['0123456', '0123456'],
  ['1.50', '1.50'],
  ['"a\\nb"', 'a\nb'],
  ["'it''s'", "it's"],
  ['|-\n  a\n  b', 'a\nb'],
])('the text of %j is what stands there', (text, expected) => {
  expect(textOf(nodeOf(text))).toBe(expected);
});

test.each(['', '~', 'null', '[a]'])('%j has no text', (text) => {
  expect(textOf(nodeOf(text))).toBeUndefined();
});
