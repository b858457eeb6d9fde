import { expect, test } from 'vitest';
import { answerProblem, type GateOrder, isApprover, samePerson } from '../../src/shared/gate.ts';
import { gate } from '../report/sample-reports.ts';

test.each([
  ['ann', 'ann@laptop', true],
  ['Ann@desk', 'ann@laptop', true],
  ['ann', 'anna', false],
  ['ann', 'bob@ann', false],
])('%s and %s are one person: %s', (a, b, expected) => {
  expect(samePerson(a, b)).toBe(expected);
});

test.each([
  [undefined, 'whoever', true],
  [['ann'], 'ann@anywhere', true],
  [['ann@example.org'], 'ANN@example.org', true],
  [['ann@example.org'], 'ann@evil.example', false],
  [['ann@example.org'], 'ann', false],
  [['ann'], 'annabel', false],
])('of %j, %s is an approver: %s', (approvers, by, expected) => {
  expect(isApprover(approvers === undefined ? {} : { approvers }, by)).toBe(expected);
});

const order = (by: string, change: Partial<GateOrder> = {}): GateOrder => ({
  gate: 'start',
  digest: gate().plan.digest,
  by,
  why: 'read it',
  ...change,
});

test('the starter may reject what the starter may not approve', () => {
  const gates = [gate({ starterMayApprove: false })];
  expect(answerProblem(gates, 'ann', 'approve', order('ann@x'))).toMatch(/has started the run/);
  expect(answerProblem(gates, 'ann', 'reject', order('ann@x'))).toBeUndefined();
});

test('an approval that became void may be given again', () => {
  const answer = { at: '', action: 'approve', by: 'bob', why: 'x', digest: '0' } as const;
  const given = gate({ answers: [answer] });
  expect(answerProblem([given], 'ann', 'approve', order('bob'))).toBe('bob has approved already');
  const void_ = gate({ answers: [{ ...answer, void: true }] });
  expect(answerProblem([void_], 'ann', 'approve', order('bob'))).toBeUndefined();
});

test('whoever approved may still reject', () => {
  const answer = { at: '', action: 'approve', by: 'bob', why: 'x', digest: '0' } as const;
  const gates = [gate({ required: 2, answers: [answer] })];
  expect(answerProblem(gates, 'ann', 'reject', order('bob'))).toBeUndefined();
});
