import { expect, test } from 'vitest';
import { downLines } from '../../../src/client/render/down.ts';
import { row } from '../support/samples.ts';

test('down names the open runs, of many the newest ten, and that they go on', () => {
  const parked = row({ run: 'r-1', state: 'parked', step: 'start-web' });
  expect(downLines(true, [parked])).toEqual([
    'runbook is down; 1 open run goes on at the next up:',
    '  r-1: deploy on lab, parked at start-web',
  ]);
  const many = Array.from({ length: 12 }, (_, index) => row({ run: `r-${index}` }));
  const lines = downLines(true, many);
  expect(lines[0]).toBe('runbook is down; 12 open runs go on at the next up:');
  expect(lines).toHaveLength(12);
  expect(lines.at(-1)).toBe('  and 2 more');
});

test('down says so when there is none, and promises nothing of what it could not ask', () => {
  expect(downLines(true, [])).toEqual(['runbook is down; no run was open']);
  expect(downLines(true, undefined)).toEqual(['runbook is down; runs go on at the next up']);
  expect(downLines(false, undefined)).toEqual(['runbook is not up here: nothing to stop']);
});
