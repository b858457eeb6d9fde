import { describe, expect, test } from 'vitest';
import { summarise } from '../../src/report/summary.ts';
import { at, report, step } from './sample-reports.ts';

const error = { code: 'RB_X', what: 'it broke' };

describe('the summary', () => {
  test('counts the steps of a success and tells how long it took', () => {
    const steps = [step('a'), step('b'), step('c', { status: 'in-place' })];
    expect(summarise(report({ steps }))).toBe(
      'Succeeded in 12.3 s: 2 steps done, 1 already in place.',
    );
  });

  test('tells how much of the time nobody decided', () => {
    const parks = [
      { from: at(1000), to: at(6000) },
      { from: at(7000), to: at(8000) },
    ];
    expect(summarise(report({ steps: [step('a')], parks }))).toBe(
      'Succeeded in 12.3 s (of it 6.0 s parked): 1 step done.',
    );
    const open = [{ from: at(10_000) }];
    expect(summarise(report({ steps: [step('a')], parks: open, outcome: 'stopped' }))).toBe(
      'Stopped after 12.3 s (of it 2.3 s parked): 1 step done.',
    );
  });

  test('names the step a failure began at, not the ones that were undone or skipped', () => {
    const steps = [
      step('s', { status: 'skipped', error: { code: 'RB_OTHER', what: 'skipped over' } }),
      step('a', { status: 'undone' }),
      step('b', { title: 'Prove it', status: 'failed', error }),
    ];
    expect(summarise(report({ outcome: 'undone', changed: false, error, steps }))).toBe(
      'Failed at "Prove it" after 12.3 s and was undone: 1 step skipped, 1 undone, 1 failed.',
    );
  });

  test('prefers the step whose error ended the run to one that failed beside it', () => {
    const beside = { code: 'RB_Y', what: 'another' };
    const steps = [
      step('a', { title: 'Beside', status: 'failed', error: beside }),
      step('b', { title: 'Cause', status: 'failed', error }),
    ];
    expect(summarise(report({ outcome: 'failed', error, steps }))).toContain('at "Cause"');
  });

  test('says that nothing had to change only of a run that could have changed something', () => {
    const read = step('read', { risk: 'read' });
    const inPlace = step('a', { status: 'in-place' });
    const unchanged = { changed: false, steps: [read, inPlace, { ...inPlace, id: 'b' }] };
    expect(summarise(report(unchanged))).toBe(
      'Nothing to change: 2 steps in place, 1 check done (12.3 s).',
    );
    expect(summarise(report({ ...unchanged, steps: [inPlace] }))).toBe(
      'Nothing to change: 1 step in place (12.3 s).',
    );
    expect(summarise(report({ changed: false, steps: [read] }))).toMatch(/^Succeeded/);
    expect(summarise(report({ ...unchanged, changed: true }))).toMatch(/^Succeeded/);
    const skipped = [...unchanged.steps, step('c', { status: 'skipped' })];
    expect(summarise(report({ ...unchanged, steps: skipped }))).toMatch(/^Succeeded/);
  });

  test('says of a blocked run and of a plan when the next window opens', () => {
    const outsideWindow = { opens: 'Wed, 25 Nov 2026, 22:00 (UTC)' };
    const blocked = { outcome: 'blocked', changed: false, steps: [], outsideWindow } as const;
    expect(summarise(report(blocked))).toBe(
      'Blocked, nothing was changed. The change windows are closed; the next opens Wed, 25 Nov 2026, 22:00 (UTC).',
    );
    expect(summarise(report({ outcome: 'planned', outsideWindow: {} }))).toContain(
      'The change windows are closed; none opens within three weeks.',
    );
  });

  test('asks for a person only when something was changed', () => {
    const parts = { outcome: 'failed', error, steps: [] } as const;
    expect(summarise(report(parts))).toContain('needs a person');
    expect(summarise(report({ ...parts, changed: false }))).toBe(
      'Failed with RB_X after 12.3 s, nothing was changed: no step was started.',
    );
  });

  test.each([
    ['nothing would change', [step('a', { status: 'in-place' })]],
    ['1 of 1 step would change something', [step('a', { status: 'would-change' })]],
    ['nothing would change', []],
  ])('of a plan says: %s', (words, steps) => {
    expect(summarise(report({ outcome: 'planned', steps }))).toBe(`Planned in 12.3 s: ${words}.`);
  });

  test('leaves the duration out when the end is not known', () => {
    const { endedAt: _, ...parts } = report({ outcome: 'stopped', steps: [step('a')] });
    expect(summarise(parts)).toBe('Stopped: 1 step done.');
  });

  test('stays one line and short, whatever the title', () => {
    const title = 'x\n'.repeat(5000);
    const summary = summarise(
      report({ outcome: 'failed', steps: [step('a', { title, status: 'failed', error })] }),
    );
    expect(summary).not.toContain('\n');
    expect(summary.length).toBeLessThan(300);
  });
});
