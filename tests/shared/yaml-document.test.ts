import { expect, test } from 'vitest';
import { yamlDocument } from '../../src/shared/yaml-document.ts';

const nested = (levels: number) => `${'- '.repeat(levels)}x`;

test('a text that is nested more deeply than anybody writes is not read, however much room there is', () => {
  expect(yamlDocument(nested(400), {})).toBeDefined();
  for (const levels of [600, 1300, 100_000])
    expect(yamlDocument(nested(levels), {})).toBeUndefined();
});
