import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/** What a run has pinned: a step that is tried again does not see it changed. */
const pinned = /platform file|compose files?\b|another port|a route\b|`route`|logs\.allow/;

/** The sentences of advice that end in a retry: `correct X, or Y; then retry`. */
const advice = /['"`]([^'"\n]*?(?:,|;) then (?:retry|try again)\b)/g;

test('nobody is told to change what a run has pinned and then to retry', () => {
  const files = globSync('{activities,worker,workflows}/**/*.ts', { cwd: source });
  const told = files.flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(advice)].map(([, words = '']) => words),
  );
  expect(told.length).toBeGreaterThan(20);
  expect(told.filter((words) => pinned.test(words))).toEqual([]);
});
