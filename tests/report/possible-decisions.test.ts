import { expect, test } from 'vitest';
import { possibleDecisions } from '../../src/report/possible-decisions.ts';
import { runState, step } from './sample-reports.ts';

const parked = step('two', { status: 'parked', undo: 'keeps' });

test('undo is offered only where something can be undone', () => {
  const inPlace = step('one', { status: 'in-place' });
  expect(possibleDecisions(runState({ steps: [inPlace, parked] }))).not.toContain('undo');
  expect(possibleDecisions(runState({ steps: [step('one'), parked] }))).toContain('undo');
});

test('parameters are offered for a change only where nobody has approved them', () => {
  expect(possibleDecisions(runState({ steps: [parked] }))).toContain('retry-with');
  const approvals = { atStart: true, required: 1, starterMayApprove: true, expiresAfterMs: 1000 };
  expect(possibleDecisions(runState({ steps: [parked], approvals }))).toEqual([
    'retry',
    'skip',
    'abort',
  ]);
});

test('a step that later ones need is not offered to be skipped', () => {
  const needed = step('two', { status: 'parked', needed: true });
  expect(possibleDecisions(runState({ steps: [needed] }))).not.toContain('skip');
  const before = step('one', { needed: true });
  expect(possibleDecisions(runState({ steps: [before, parked] }))).toContain('skip');
});
