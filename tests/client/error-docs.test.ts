import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

const raised = new Set(
  globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'(RB_[A-Z_]+)'/g)].map(
      ([, code = '']) => code,
    ),
  ),
);

test('every error code that the code knows stands in the documentation', () => {
  const documented = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
  expect(raised.size).toBeGreaterThan(50);
  expect([...raised].filter((code) => !documented.includes(`\`${code}\``))).toEqual([]);
});
