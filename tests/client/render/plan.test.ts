import { expect, test } from 'vitest';
import { planLines } from '../../../src/client/render/plan.ts';
import { plainStyle } from '../../../src/client/render/style.ts';
import { textWidth } from '../../../src/client/render/text.ts';
import type { PlanLine } from '../../../src/shared/report.ts';

const inPlace: PlanLine = { step: 'config', title: '', now: 'valid', undo: 'none' };
const change: PlanLine = {
  step: 'start-kafka',
  title: '',
  now: 'kafka1 runs image 3.8',
  change: 'recreate kafka1 with image 3.9',
  undo: 'keeps',
};

test('a plan says what is true now, what would change, and whether it can be undone', () => {
  const plan = { digest: '', lines: [inPlace, change], changes: 1 };
  expect(planLines(plan, 80, plainStyle).join('\n')).toMatchInlineSnapshot(`
    "  = config       valid
      ~ start-kafka  recreate kafka1 with image 3.9
                     now: kafka1 runs image 3.8 · an undo leaves it

    Plan: 1 change, 1 in place."
  `);
});

test('a plan without changes says that there is nothing to do', () => {
  const plan = { digest: '', lines: [inPlace], changes: 0 };
  expect(planLines(plan, 80, plainStyle).at(-1)).toBe('Nothing to change: 1 step in place.');
});

test('long texts stay inside 80 columns', () => {
  const long = { ...change, change: 'word '.repeat(60), now: 'word '.repeat(60) };
  const plan = { digest: '', lines: [long], changes: 1 };
  for (const line of planLines(plan, 80, plainStyle))
    expect(textWidth(line)).toBeLessThanOrEqual(80);
});
