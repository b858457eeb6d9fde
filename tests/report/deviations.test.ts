import { describe, expect, test } from 'vitest';
import { comparePlan } from '../../src/report/deviations.ts';
import type { PlanLine } from '../../src/shared/report.ts';
import type { StepRecord } from '../../src/shared/run-state.ts';
import { step } from './sample-reports.ts';

const line = (change?: string): PlanLine => ({
  step: 'a',
  title: 'Do a',
  now: 'absent',
  undo: 'undo',
  ...(change === undefined ? {} : { change }),
});

const deviation = (planned: PlanLine, ...steps: StepRecord[]) =>
  comparePlan({ digest: 'd', changes: 1, lines: [planned] }, steps)[0]?.deviation;

describe('plan against outcome', () => {
  test('a planned change that was made is as planned', () => {
    expect(deviation(line('create a'), step('a', { change: 'create a' }))).toBeUndefined();
  });

  test('a change whose words the probe did not repeat is as planned', () => {
    expect(deviation(line('create a'), step('a'))).toBeUndefined();
  });

  test('no change planned and none made is as planned', () => {
    expect(deviation(line(), step('a', { status: 'in-place' }))).toBeUndefined();
  });

  test.each([
    ['was already in place', line('create a'), [step('a', { status: 'in-place' })]],
    ['another change than planned', line('create a'), [step('a', { change: 'replace a' })]],
    ['a change that was not planned', line(), [step('a', { change: 'create a' })]],
    ['not reached', line('create a'), []],
    ['undo failed', line('create a'), [step('a', { status: 'undo-failed' })]],
    ['skipped', line('create a'), [step('a', { status: 'skipped' })]],
  ])('%s', (expected, planned, steps) => {
    expect(deviation(planned, ...steps)).toBe(expected);
  });

  test('a step that no line announced is a deviation, unless it only read', () => {
    const plan = { digest: 'd', changes: 0, lines: [] };
    const read = step('r', { risk: 'read' });
    expect(comparePlan(plan, [step('a'), read]).map((c) => c.deviation)).toEqual([
      'not in the plan',
      undefined,
    ]);
  });
});
