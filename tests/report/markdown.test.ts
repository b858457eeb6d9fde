import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentDetails } from '../../src/report/markdown.ts';
import { limits } from '../../src/shared/limits.ts';
import type { RunStateName, StepRecord, StepStatus } from '../../src/shared/run-state.ts';
import { runState, step } from './sample-reports.ts';

const bytes = (text: string) => Buffer.byteLength(text);
const huge = '€'.repeat(3500);

const parkedStep = (fields: Partial<StepRecord> = {}): StepRecord => {
  const { endedAt: _, ...open } = step('set-password', {
    status: 'parked',
    attempt: 3,
    error: { code: 'RB_X', what: 'it broke', fix: 'mend it' },
    outputTail: 'first\nlast',
    ...fields,
  });
  return open;
};

const hugeStep = (id: string): StepRecord =>
  parkedStep({
    title: huge,
    error: { code: huge, what: huge, why: huge, fix: huge },
    undoError: { code: huge, what: huge, fix: huge },
    outputTail: `${huge}\n\`\`\`\`\n${'*'.repeat(10 * 1024)}`,
    ...{ id },
  });

describe('the size of the current details', () => {
  test.each([0, 1, 2, 200])('stays below the limit with %i parked steps and 10 KiB errors', (n) => {
    const steps = Array.from({ length: n }, (_, i) => hugeStep(`${i}-${huge}`));
    const text = currentDetails(
      runState({
        state: 'parked',
        run: 'r'.repeat(200),
        title: huge,
        outsideWindow: { opens: huge, reason: huge },
        ...{ retryOf: huge, from: huge },
        by: huge,
        platform: huge,
        steps,
      }),
    );
    expect(bytes(text)).toBeLessThan(limits.currentDetailsBytes);
  });

  test('a park that ends says when, where a person looks first', () => {
    const parkEnd = { at: '2026-11-23T18:03:07.000Z', action: 'abort' } as const;
    const steps = [step('a', { status: 'parked', parkEnd })];
    expect(currentDetails(runState({ state: 'parked', steps }))).toContain(
      'needs a decision.** It is ended as it is at 2026-11-23 18:03:07 UTC unless decided.',
    );
  });

  test('stays below the limit for any state with any texts', () => {
    const states: RunStateName[] = ['waiting-for-lock', 'running', 'parked', 'failed', 'undoing'];
    const statuses: StepStatus[] = ['running', 'parked', 'done', 'failed', 'undo-failed'];
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    const anyStep = fc.tuple(text, fc.constantFrom(...statuses)).map(([s, status]) => ({
      ...hugeStep(s),
      title: s,
      outputTail: s,
      error: { code: s, what: s, fix: s },
      status,
    }));
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        text,
        fc.array(anyStep, { maxLength: 60 }),
        (state, s, steps) => {
          const lock = {
            key: s,
            mode: 'exclusive',
            status: 'waiting',
            heldBy: [s, s, s, s],
          } as const;
          const details = currentDetails(
            runState({ state, title: s, by: s, run: s, locks: [lock], steps }),
          );
          expect(bytes(details)).toBeLessThan(limits.currentDetailsBytes);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of 200 steps the newest are shown and the rest is summed up', () => {
    const steps = Array.from({ length: 200 }, (_, i) =>
      step(`s${i}`, { title: `Step number ${i}` }),
    );
    const text = currentDetails(runState({ steps }));
    const shown = text.split('\n').filter((l) => l.startsWith('- ')).length;
    expect(text).toContain('Step number 199');
    expect(text).not.toContain('Step number 0 ');
    expect(text).toContain(`${200 - shown} earlier steps: ${200 - shown} steps done`);
    expect(bytes(text)).toBeGreaterThan(limits.currentDetailsBytes * 0.85);
  });
});

test.each([
  ['a name of 1,000 characters still gets its command', 1000, true],
  ['a command that would not fit is left out instead of cut', 1400, false],
])('%s', (_, length, shown) => {
  const state = runState({ state: 'parked', run: 'r'.repeat(length), steps: [parkedStep()] });
  expect(currentDetails(state).includes('set-password --retry --why "..."')).toBe(shown);
});

describe('the checklist', () => {
  test('has a line a step with sign, word, duration and what was exceptional', () => {
    const text = currentDetails(runState({ steps: [step('a', { tries: 2, lost: 1 })] }));
    expect(text).toContain('- ✓ **done** Do a · 1.0 s · 3 tries · 1 lost attempt');
  });

  test('says since when a step is under way instead of reading a clock', () => {
    const { endedAt: _, ...running } = step('a', { status: 'running' });
    const state = runState({ steps: [running] });
    expect(currentDetails(state)).toContain('- ● **running** Do a · since 14:03:07 UTC');
    expect(currentDetails(state)).toBe(currentDetails(structuredClone(state)));
  });

  test('takes nothing in a title for markdown or markup', () => {
    const title = '*bold* [link](javascript:x) <b> `code`\n# head';
    const text = currentDetails(runState({ steps: [step('a', { title })] }));
    expect(text).toContain('\\*bold\\* \\[link\\](javascript:x) \\<b\\> \\`code\\` # head');
  });

  test('of a run without steps says so', () => {
    expect(currentDetails(runState({ state: 'resolving' }))).toContain('No step was started.');
  });
});

describe('a parked run', () => {
  test('shows code, what, fix and last output, and both ways to decide', () => {
    const text = currentDetails(runState({ state: 'parked', steps: [parkedStep()] }));
    expect(text).toContain('`RB_X` it broke');
    expect(text).toContain('Fix: mend it');
    expect(text).toContain('```\nfirst\nlast\n```');
    expect(text).toContain(
      'runbook decide deploy-stack-lab-20261123-140307 set-password --retry --why "..."',
    );
    const [json = ''] = /\{\s*"step"[^}]*\}/.exec(text) ?? [];
    expect(JSON.parse(json)).toEqual({
      step: 'set-password',
      attempt: 3,
      action: 'retry',
      by: 'YOUR NAME',
      why: '...',
    });
  });

  test('keeps the end of a long output, where the reason stands', () => {
    const outputTail = `${'noise '.repeat(2000)}\nthe reason`;
    const text = currentDetails(runState({ state: 'parked', steps: [parkedStep({ outputTail })] }));
    expect(text).toContain('the reason\n```');
  });

  test('quotes for the shell what a shell would read otherwise', () => {
    const text = currentDetails(
      runState({ state: 'parked', steps: [parkedStep({ id: "it's $(rm)" })] }),
    );
    expect(text).toContain(`'it'\\''s $(rm)' --retry`);
  });

  test('names the other parked steps', () => {
    const steps = [parkedStep(), parkedStep({ id: 'other' })];
    expect(currentDetails(runState({ state: 'parked', steps }))).toContain('Also parked: `other`.');
  });
});

test('a run that waits for its lock says who holds it', () => {
  const lock = {
    key: 'lab/stack',
    mode: 'exclusive',
    status: 'waiting',
    heldBy: ['drill-1'],
  } as const;
  const text = currentDetails(runState({ state: 'waiting-for-lock', locks: [lock] }));
  expect(text).toContain('Waits for the lock `lab/stack`, held by `drill-1`.');
  expect(text).toContain('runbook stop deploy-stack-lab-20261123-140307');
});

test('a run that is held says by whom, why, and how it goes on', () => {
  const hold = { by: 'ann', why: 'incident on the network' };
  const text = currentDetails(runState({ state: 'held', hold }));
  expect(text).toContain('Held by ann: incident on the network.');
  expect(text).toContain('runbook release deploy-stack-lab-20261123-140307 --why');
});

test('a failed undo stays visible to the end', () => {
  const steps = [step('a', { status: 'undo-failed', undoError: { code: 'RB_U', what: 'in use' } })];
  expect(currentDetails(runState({ state: 'failed', steps }))).toContain('Step `a`: `RB_U` in use');
});

describe('outside the change windows', () => {
  const opens = 'Wed, 25 Nov 2026, 22:00 (UTC)';

  test('the reason of a run that goes on is told with it', () => {
    const text = currentDetails(runState({ outsideWindow: { opens, reason: 'the disk is full' } }));
    expect(text).toContain('Outside the change windows: the disk is full');
  });

  test('a blocked run says when the next opens and how to start it all the same', () => {
    const error = { code: 'RB_OUTSIDE_WINDOW', what: 'none is open', fix: 'give a reason' };
    const text = currentDetails(runState({ state: 'blocked', outsideWindow: { opens }, error }));
    expect(text).toContain('**⊘ Blocked, nothing changed**');
    expect(text).toContain(`the next opens ${opens}`);
    expect(text).toContain('Fix: give a reason');
  });
});
