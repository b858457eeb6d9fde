import { expect, test } from 'vitest';
import { reportLines, resultLines } from '../../../src/client/render/report.ts';
import { plainStyle } from '../../../src/client/render/style.ts';
import { textWidth } from '../../../src/client/render/text.ts';
import { later, report, step } from '../support/samples.ts';

const failed = report({
  outcome: 'undone',
  summary: 'Failed at "Start Kafka" after 1 min 05 s and was undone: 1 step undone, 1 failed.',
  changed: false,
  steps: [
    step('environment', { status: 'undone', now: '3 of 5 written', result: 'written' }),
    step('start-kafka', {
      status: 'failed',
      error: { code: 'RB_UNHEALTHY', what: 'kafka1 is not healthy', fix: 'free disk space' },
    }),
  ],
  findings: [{ name: 'release', value: 'r-12', ok: true }],
  decisions: [
    { at: later.toISOString(), action: 'undo', step: 'start-kafka', by: 'ann', why: 'no time' },
  ],
});

test('the end of a run says how to follow the one that it has started', () => {
  const findings = [{ name: 'rotation', value: 'rotate-1 (a, b)', run: 'rotate-1' }];
  const lines = resultLines({ ...failed, findings }, undefined, 80, plainStyle);
  expect(lines).toContain('  next    runbook watch rotate-1');
  expect(resultLines(failed, undefined, 80, plainStyle).join()).not.toContain('next');
});

test('a report shows steps, trouble, findings, decisions and the sentence about it', () => {
  expect(reportLines(failed, 80, plainStyle).join('\n')).toMatchInlineSnapshot(`
    "deploy on lab  undone  1 min 05 s
    run deploy-lab-20261124-120000-1f3c · by ann@host
    2026-11-24T12:00:00.000Z to 2026-11-24T12:01:05.000Z · code abc1234

      ↶ environment  undone       as before: 3 of 5 written                    2.5 s
      ✗ start-kafka  failed       RB_UNHEALTHY: kafka1 is not healthy          2.5 s

      start-kafka: kafka1 is not healthy (RB_UNHEALTHY, 1 try)
        fix   free disk space

      release  ok: r-12

      2026-11-24T12:01:05.000Z undo start-kafka by ann: no time

    Failed at "Start Kafka" after 1 min 05 s and was undone: 1 step undone, 1
    failed."
  `);
});

test('a step whose undo failed says so in its row and why below, not what it once did', () => {
  const undoError = {
    ...{ code: 'RB_UNDO_FAILED', what: 'the old file is gone' },
    ...{ why: 'somebody removed it', fix: 'put it back' },
  };
  const stuck = report({
    outcome: 'failed',
    steps: [step('config', { status: 'undo-failed', result: 'written', undoError })],
  });
  const text = reportLines(stuck, 80, plainStyle).join('\n');
  expect(text).toContain('RB_UNDO_FAILED: the old file is gone');
  expect(text).toContain('  undo of config: the old file is gone (RB_UNDO_FAILED)\n');
  expect(text).toContain('    why   somebody removed it\n    fix   put it back\n');
  expect(text).not.toContain('written');
});

test('edited parameters stand beside their decision, old and new', () => {
  const edited = report({
    decisions: [
      {
        ...{ at: later.toISOString(), action: 'retry-with', step: 'restart' },
        ...{ by: 'ann', why: 'slower', changes: [{ name: 'max', from: 4, to: 1 }] },
        departsFromPlan: true,
      },
    ],
  });
  expect(reportLines(edited, 200, plainStyle).join('\n')).toContain(
    'retry-with restart by ann: slower (max: 4 -> 1); departs from the approved plan',
  );
});

test('no line of a report is wider than the terminal', () => {
  const wide = report({ ...failed, summary: 'word '.repeat(50), by: 'x'.repeat(200) });
  for (const line of reportLines(wide, 60, plainStyle))
    expect(textWidth(line)).toBeLessThanOrEqual(60);
});
