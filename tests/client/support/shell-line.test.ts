import { expect, test } from 'vitest';
import { parseShellLine } from './shell-line.ts';

test.each([
  [`runbook list`, ['runbook', 'list'], ''],
  [`runbook x --why "two words" > a.txt`, ['runbook', 'x', '--why', 'two words'], '> a.txt'],
  [
    `runbook x -o json | jq '.[] | select(.a > 1)'`,
    ['runbook', 'x', '-o', 'json'],
    `| jq '.[] | select(.a > 1)'`,
  ],
  [`runbook x --set a='b | c'`, ['runbook', 'x', '--set', 'a=b | c'], ''],
])('%s', (line, words, rest) => {
  expect(parseShellLine(line)).toEqual({ words, rest });
});
