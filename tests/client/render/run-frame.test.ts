import { describe, expect, test } from 'vitest';
import { runFrame } from '../../../src/client/render/run-frame.ts';
import { plainStyle, styled } from '../../../src/client/render/style.ts';
import { textWidth } from '../../../src/client/render/text.ts';
import type { GateRecord } from '../../../src/shared/gate.ts';
import { gate } from '../../report/sample-reports.ts';
import { later, parkedStep, startedAt, state, step, waiting } from '../support/samples.ts';

const frame = { width: 80, now: later, style: plainStyle };

test('a parked run shows its steps, why it parked, its last output and the exact command', () => {
  const lines = runFrame(
    state({ state: 'parked', steps: [step('environment', { result: '42 written' }), parkedStep] }),
    frame,
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "deploy on lab  parked  1 min 05 s
    run deploy-lab-20261124-120000-1f3c · by ann@host
      ✓ environment  done         42 written                                   2.5 s
      ‖ start-kafka  parked       RB_UNHEALTHY: kafka1 did not become he…      2.5 s

      start-kafka: kafka1 did not become healthy within 120 s (RB_UNHEALTHY, 3
      tries, 1 lost)
        why   it is not in the in-sync set of 3 partitions
        fix   free disk space on the host, then decide retry
        │ first line
        │ No space left on device

      runbook decide deploy-lab-20261124-120000-1f3c --retry --why TEXT
      runbook decide deploy-lab-20261124-120000-1f3c --retry-with NAME=VALUE --why TEXT
      runbook decide deploy-lab-20261124-120000-1f3c --skip --why TEXT
      runbook decide deploy-lab-20261124-120000-1f3c --undo --why TEXT
      runbook decide deploy-lab-20261124-120000-1f3c --abort --why TEXT
        --retry: try the step again · --retry-with NAME=VALUE: try it again with a
        parameter changed · --skip: go on without it · --undo: undo what was done ·
        --abort: leave things as they are"
  `);
});

test('a parked step says since when it waits, and for how long', () => {
  const parked = { ...parkedStep, parkedAt: '2026-11-24T12:00:40.000Z' };
  const text = runFrame(state({ state: 'parked', steps: [parked] }), frame).join('\n');
  expect(text).toContain('\n    since 2026-11-24 12:00:40Z: it has been waiting for 25.0 s\n');
});

test('a failed undo is told like a failed step, below why the step itself failed', () => {
  const undoError = { code: 'RB_GONE', what: 'no copy', why: 'removed', fix: 'put it back' };
  const stuck = { ...parkedStep, status: 'undo-failed' as const, undoError };
  const text = runFrame(state({ state: 'failed', steps: [stuck] }), frame).join('\n');
  expect(text).toContain('RB_GONE: no copy');
  expect(text).toContain('start-kafka: kafka1 did not become healthy');
  expect(text).toContain(
    '  undo of start-kafka: no copy (RB_GONE)\n    why   removed\n    fix   put it back\n',
  );
});

test('without an edge nothing of a step is cut, and no line has a tail of blanks', () => {
  const id = 'restart/'.repeat(6);
  const long = 'word '.repeat(40).trim();
  const lines = runFrame(state({ steps: [step(id, { result: long })] }), {
    ...frame,
    width: Number.POSITIVE_INFINITY,
  });
  expect(lines.at(-1)).toBe(`  ✓ ${id}  done         ${long}  2.5 s`);
});

test('the id of a run is never cut', () => {
  const run = `deploy-${'x'.repeat(90)}`;
  expect(runFrame(state({ run }), frame)[1]).toBe(`run ${run}`);
});

test('a line that may not be broken counts as the rows that it takes', () => {
  const steps = [
    ...Array.from({ length: 60 }, (_, index) => step(`step-${index}`)),
    { ...parkedStep, error: { code: 'RB_X', what: '/x'.repeat(200) } },
  ];
  const lines = runFrame(state({ state: 'parked', steps }), { ...frame, height: 24 });
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / 80)), 0);
  expect(rows).toBeLessThanOrEqual(24);
});

test('a park that ends says when, and a fan-out how its targets stand', () => {
  const steps = [
    step('restart', {
      status: 'running',
      targets: [
        { name: 'db', status: 'done' },
        { name: 'web', status: 'running' },
        { name: 'kafka', status: 'pending' },
      ],
    }),
    { ...parkedStep, parkEnd: { at: '2026-11-24T14:30:00.000Z', action: 'undo' as const } },
  ];
  const text = runFrame(state({ state: 'parked', steps }), frame).join('\n');
  expect(text).toContain('1 done, 1 running, 1 pending');
  expect(text).toContain('undone at 2026-11-24 14:30:00 UTC unless decided');
});

test('a running step counts its time from the clock and says how often it was tried', () => {
  const running = step('images', { status: 'running', tries: 2, lost: 1 });
  delete running.endedAt;
  const lines = runFrame(state({ steps: [running] }), frame);
  expect(lines.at(-1)).toMatchInlineSnapshot(
    `"  ▸ images  running      1 lost, try 3: Do images                     1 min 05 s"`,
  );
});

test('a step says for whom it waits, what the last answer was, and for how long at most', () => {
  const { endedAt: _, ...running } = step('verify-health', { status: 'running', waiting });
  expect(
    runFrame(state({ steps: [running] }), frame)
      .slice(2)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "  ▸ verify-health  running      waiting for kafka: starting, health … 1 min 05 s

      waits verify-health, 12.0 s of at most 2 min 00 s, for kafka: starting, health
            check 3 of 30 failed: connection refused"
  `);
});

test('a run that waits for a lock names its holder', () => {
  const lock = { key: 'lab', mode: 'exclusive', status: 'waiting', heldBy: ['deploy-x'] } as const;
  const lines = runFrame(state({ state: 'waiting-for-lock', steps: [], locks: [lock] }), frame);
  expect(lines.join('\n')).toContain('for lab, held by deploy-x');
});

test.each([40, 60, 80, 200])('no line but a command is wider than %d columns', (width) => {
  const long = 'a very long text about 漢字 and more '.repeat(8);
  const steps = [
    step('x'.repeat(70), { result: long }),
    step('parked', { ...parkedStep, error: { code: 'RB_X', what: long, why: long, fix: long } }),
  ];
  const lines = runFrame(state({ state: 'parked', steps, reason: long, platform: long }), {
    ...frame,
    width,
    style: styled,
  });
  const tooWide = lines.filter((line) => textWidth(line) > width);
  expect(tooWide.filter((line) => !line.includes('runbook decide'))).toEqual([]);
});

test('a run of many steps folds those that ended well into the height of the terminal', () => {
  const steps = Array.from({ length: 60 }, (_, index) => step(`step-${index}`));
  steps.push(step('last', { status: 'running' }));
  const lines = runFrame(state({ steps }), { ...frame, height: 20 });
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines.join('\n')).toMatch(/… \d+ earlier steps/);
  expect(lines.at(-1)).toContain('last');
});

test('output of a step cannot move the cursor', () => {
  const nasty = { ...parkedStep, outputTail: '\u001b[2J\u0007\rhidden\u009b31m' };
  const text = runFrame(state({ state: 'parked', steps: [nasty] }), frame).join('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('a state word and a step status of a newer worker are shown as they are', () => {
  const newer = state({ state: 'dreaming' as 'running', startedAt });
  const [first] = newer.steps;
  if (first) first.status = 'dreamt' as 'done';
  const text = runFrame(newer, frame).join('\n');
  expect(text).toContain('dreaming');
  expect(text).toContain('dreamt');
});

test('a run outside the change windows says why it goes on', () => {
  const outsideWindow = { opens: 'Wed, 25 Nov 2026, 22:00 (UTC)', reason: 'the disk is full' };
  expect(runFrame(state({ outsideWindow }), frame)[2]).toBe(
    'Outside the change windows: the disk is full',
  );
});

describe('a run that waits for approval', () => {
  const waiting = (change: Partial<GateRecord> = {}) =>
    state({ state: 'waiting-for-approval', steps: [], gates: [gate(change)] });

  test('shows what is missing, who has answered, the plan, and the exact commands', () => {
    const answers = [
      {
        at: startedAt,
        action: 'approve',
        by: 'bob',
        why: 'read the plan',
        digest: 'd',
        update: 'u',
      },
    ] as const;
    const lines = runFrame(
      waiting({ required: 2, approvers: ['bob', 'carl'], answers: [...answers] }),
      frame,
    );
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "deploy on lab  waiting for approval  1 min 05 s
      run deploy-lab-20261124-120000-1f3c · by ann@host

        gate start · Deploy the platform: 1 of 2 approvals given
          needs   2 approvals by bob or carl
          until   2026-11-23 22:03:07 UTC
          approve by bob: read the plan
          plan    9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            = config     3 services
            ~ start-web  recreate web
                         now: an older image · can be undone

          Plan: 1 change, 1 in place.

        runbook approve deploy-lab-20261124-120000-1f3c start --why TEXT
        runbook reject deploy-lab-20261124-120000-1f3c start --why TEXT"
    `);
  });

  test('fits into the screen, and its commands are there', () => {
    const lines = Array.from({ length: 60 }, (_, index) => ({
      ...{ step: `step-${index}`, title: 'x', now: 'a', change: 'b', undo: 'undo' as const },
    }));
    const plan = { ...gate().plan, lines, changes: lines.length };
    const shown = runFrame(waiting({ plan }), { ...frame, height: 24 });
    expect(shown.length).toBeLessThanOrEqual(24);
    expect(shown.join('\n')).toContain('start --why TEXT');
    expect(shown.join('\n')).toMatch(/… \d+ more lines/);
  });
});
