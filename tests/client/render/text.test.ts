import { expect, test } from 'vitest';
import { lockTable } from '../../../src/client/render/lock-table.ts';
import { runTable } from '../../../src/client/render/run-table.ts';
import { scheduleTable } from '../../../src/client/render/schedules.ts';
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

const longRun = `deploy-${'x'.repeat(50)}-20261124-145903-1f3c`;

test.each([40, 60, 80])('%d columns never cut the id of a run: other columns go', (width) => {
  const [head = '', line = ''] = runTable([row({ run: longRun })], later, width, plainStyle);
  expect(line.split(/ {2,}/)[0]).toBe(longRun);
  expect(head).not.toMatch(/TOOK|STEP/);
});

test('a column in which nothing stands makes room, and only when room is short', () => {
  const run = `deploy-${'x'.repeat(28)}-20261124-145903-1f3c`;
  const rows = [row({ run, open: false, state: 'succeeded', endedAt: later.toISOString() })];
  const heads = (width: number) => runTable(rows, later, width, plainStyle)[0]?.split(/ +/);
  expect(heads(86)).toEqual(['RUN', 'STATE', 'AGE', 'TOOK']);
  expect(heads(200)).toEqual(['RUN', 'STATE', 'AGE', 'TOOK', 'STEP']);
});

test('who owns a lock, and the lock, are told whole', () => {
  const owner = { workflowId: longRun, execution: 'e', mode: 'exclusive', at: later.toISOString() };
  const books = [{ key: 'lab', holders: [{ ...owner, fence: 1 }], queue: [] }] as never;
  const [, line] = lockTable(books, later, 60, plainStyle);
  expect(line).toContain(longRun);
  expect(line).toMatch(/^lab /);
});

test('a schedule is told whole, with when it starts next', () => {
  const id = `lab/${'nightly-'.repeat(6)}restart`;
  const schedule = {
    ...{ id, runbook: 'restart', paused: false, taken: 1, missed: 0, skipped: 0, recent: [] },
    ...{ next: ['2026-11-25T02:00:00.000Z'], timezone: 'Europe/Berlin' },
  };
  const [, line] = scheduleTable([schedule as never], 80, plainStyle);
  expect(line).toBe(`${id}  2026-11-25 03:00 Europe/Berlin`);
});

test('a word is quoted for a shell only when it must be', () => {
  expect(shellWord('deploy-lab-1')).toBe('deploy-lab-1');
  expect(shellWord("it's")).toBe(`'it'\\''s'`);
});
