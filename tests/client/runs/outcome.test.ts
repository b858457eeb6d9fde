import { expect, test } from 'vitest';
import { exitCodeOfEnd, exitCodeOfReport } from '../../../src/client/runs/outcome.ts';
import type { Outcome } from '../../../src/shared/run-state.ts';
import { report, step } from '../support/samples.ts';

test.each([
  ['succeeded', 0],
  ['planned', 0],
  ['undone', 5],
  ['failed', 6],
  ['stopped', 7],
  ['blocked', 4],
] as const)('a run that %s exits %d', (outcome: Outcome, code) => {
  expect(exitCodeOfReport(report({ outcome }))).toBe(code);
});

test('a failed run that tried no change was refused: 4', () => {
  const read = step('look', { risk: 'read', status: 'failed', tries: 5 });
  const untried = step('act', { status: 'failed', tries: 0 });
  const refused = { outcome: 'failed', changed: false } as const;
  expect(exitCodeOfReport(report({ ...refused, steps: [read, untried] }))).toBe(4);
  expect(exitCodeOfReport(report({ ...refused, changed: true, steps: [] }))).toBe(6);
});

test('a run that something outside ended needs a person: 6', () => {
  const error = { code: 'RB_NO_REPORT', what: 'terminated' };
  expect(exitCodeOfEnd({ how: 'terminated', error })).toBe(6);
});
