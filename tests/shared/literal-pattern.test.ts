import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literalPattern } from '../../src/shared/literal-pattern.ts';

test('any text matches itself and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const pattern = new RegExp(`^(?:${literalPattern(text)})$`);
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(other)).toBe(text === other);
    }),
  );
});
