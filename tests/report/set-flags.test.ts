import { expect, test } from 'vitest';
import { setFlags } from '../../src/report/set-flags.ts';

test('parameters become flags that a shell reads back', () => {
  const params = { services: ['web', 'db'], max: 2, wait: true, note: "it's two words" };
  expect(setFlags(params)).toBe(
    " --set services=web,db --set max=2 --set wait=true --set 'note=it'\\''s two words'",
  );
});

test('without parameters there are no flags', () => {
  expect(setFlags({})).toBe('');
  expect(setFlags(undefined)).toBe('');
});
