import { expect, test } from 'vitest';
import { runTable } from '../../../src/client/render/run-table.ts';
import { plainStyle } from '../../../src/client/render/style.ts';
import { table } from '../../../src/client/render/table.ts';
import { cut, labelled, shellWord, textWidth, wrap } from '../../../src/client/render/text.ts';
import { later, row } from '../support/samples.ts';

test('wide characters count twice and escapes not at all', () => {
  expect(textWidth('漢字')).toBe(4);
  expect(textWidth('\u001b[31mred\u001b[0m')).toBe(3);
  expect(textWidth('e\u0301')).toBe(1);
});

test('a cut text is one line that fits, at the limit and one past it', () => {
  expect(cut('12345', 5)).toBe('12345');
  expect(cut('123456', 5)).toBe('1234…');
  expect(cut('漢字漢字', 5)).toBe('漢字…');
  expect(cut('a\nb', 5)).toBe('a b');
});

test('wrapping breaks at spaces', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
});

test('an id, a path or a link that is longer than a line stands whole on its own', () => {
  const link = `http://127.0.0.1:8233/namespaces/default/workflows/${'x'.repeat(60)}`;
  expect(wrap(`see ${link} for more`, 80)).toEqual(['see', link, 'for more']);
});

test('lines behind a label stand below its first one', () => {
  expect(labelled('  why  ', 'one two three four', 20)).toEqual([
    '  why  one two three',
    '       four',
  ]);
});

test('a table gives its last column away first and keeps the width', () => {
  const rows = [['deploy-lab-20261124-120000-1f3c', 'running', 'a long text '.repeat(10)]];
  const lines = table(['RUN', 'STATE', 'STEP'], rows, 60, plainStyle);
  expect(lines[1]).toContain('deploy-lab-20261124-120000-1f3c');
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(60);
});

test('80 columns show the whole id of a run, whatever its state', () => {
  const run = 'deploy-lab-20261124-145903-1f3c';
  const rows = ['waiting-for-lock', 'failing (plan)'].map((state) =>
    row({ run, state, step: 'start-database-init' }),
  );
  const lines = runTable(rows, later, 80, plainStyle);
  for (const line of lines.slice(1)) expect(line).toContain(`${run} `);
});

test('a word is quoted for a shell only when it must be', () => {
  expect(shellWord('deploy-lab-1')).toBe('deploy-lab-1');
  expect(shellWord("it's")).toBe(`'it'\\''s'`);
});
