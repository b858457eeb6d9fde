import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import type { Outcome, StepStatus } from '../../src/shared/run-state.ts';
import { at, report, step } from './sample-reports.ts';

const attack = `<img src=x onerror="alert(1)">'&`;
const escaped = '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;';
const error = { code: attack, what: attack, why: attack, fix: attack };

/** Every text that somebody outside can choose. */
const hostile = report({
  run: attack,
  execution: attack,
  runbook: attack,
  title: attack,
  platform: attack,
  by: attack,
  reason: attack,
  outsideWindow: { reason: attack },
  codeVersion: attack,
  summary: attack,
  outcome: 'failed',
  error,
  params: { [attack]: attack },
  locks: [{ key: attack, mode: 'exclusive', status: 'waiting', heldBy: [attack] }],
  steps: [
    step(attack, {
      title: attack,
      status: 'failed',
      now: attack,
      change: attack,
      result: attack,
      error,
      undoError: error,
      outputTail: attack,
    }),
  ],
  decisions: [{ at: at(1), step: attack, action: 'retry', by: attack, why: attack }],
  findings: [{ name: attack, value: attack, ok: true }],
  approvedPlan: {
    digest: attack,
    changes: 1,
    lines: [{ step: 'other', title: attack, now: attack, change: attack, undo: 'undo' }],
  },
});

describe('the page', () => {
  test('never lets a text become markup', () => {
    const page = renderHtml(hostile);
    expect(page).toContain(escaped);
    expect(page).not.toMatch(/<img/i);
    expect(page).not.toContain(attack);
  });

  test('counts the try that went well, and tells the time in which a person was awaited', () => {
    const steps = [
      step('a', { tries: 0 }),
      step('b', { tries: 0, status: 'in-place' }),
      step('c', { tries: 1, parkedMs: 5000 }),
    ];
    const page = renderHtml(report({ steps, parks: [{ from: at(1000), to: at(6000) }] }));
    const cells = [...page.matchAll(/data-label="Tries">([^<]*)</g)].map(([, text]) => text);
    expect(cells).toEqual(['1', 'in place', '2']);
    expect(page).toContain('12.3 s, of it 5.0 s parked');
    expect(page.match(/of it 5\.0 s parked/g)?.length).toBeGreaterThan(1);
  });

  test('stands alone: no script, no address to fetch from, and a policy that forbids both', () => {
    const page = renderHtml(hostile);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<iframe|https?:|@import|\ssrc="|\shref="/i);
  });

  test('removes colour codes and marks that turn the reading direction', () => {
    const page = renderHtml(
      report({
        steps: [step('a', { outputTail: '\u001b[31mred\u001b[0m\u0000', title: 'a\u202eb' })],
      }),
    );
    expect(page).toContain('<pre>red\ufffd</pre>');
    expect(page).toContain('a\ufffdb');
    expect(page).not.toContain('\u001b');
  });

  test('is the same for the same report', () => {
    expect(renderHtml(hostile)).toBe(renderHtml(structuredClone(hostile)));
  });

  test('carries the whole report as readable JSON', () => {
    const page = renderHtml(report({ params: { wait: '120s' } }));
    expect(page).toContain('&quot;schema&quot;: &quot;runbook.report/v1&quot;');
    expect(page).toContain('&quot;wait&quot;: &quot;120s&quot;');
  });
});

describe('the outcome', () => {
  const words: ReadonlyArray<readonly [Outcome, string, string]> = [
    ['succeeded', '✓', 'Succeeded'],
    ['planned', '◇', 'Planned'],
    ['undone', '↺', 'Failed and undone'],
    ['failed', '✗', 'Failed, needs a person'],
    ['stopped', '■', 'Stopped'],
  ];
  test.each(words)('%s is told by sign and word beside the colour', (outcome, sign, word) => {
    const page = renderHtml(report({ outcome }));
    expect(page).toMatch(new RegExp(`class="sign"[^>]*>${sign}</span> ${word}`));
    expect(page).toContain(`<title>${sign} deploy-stack on lab: ${word}</title>`);
  });

  test('a failure that changed nothing asks for nobody', () => {
    const page = renderHtml(report({ outcome: 'failed', changed: false }));
    expect(page).toContain('Failed, nothing changed');
    expect(page).toContain('Nothing was changed, so there was nothing to undo.');
  });
});

describe('boundaries', () => {
  test('a run without a step has no timeline and says so', () => {
    const page = renderHtml(report());
    expect(page).toContain('No step was started.');
    expect(page).not.toContain('<h2>Timeline</h2>');
  });

  test('40 steps get a row each, 41 become one picture', () => {
    const rows = (n: number) => {
      const steps = Array.from({ length: n }, (_, i) => step(`s${i}`));
      return renderHtml(report({ steps })).split('<div class="row').length - 1;
    };
    expect(rows(40)).toBe(41);
    expect(rows(41)).toBe(2);
  });

  test('300 steps with long texts stay complete and well-formed in their numbers', () => {
    const steps = Array.from({ length: 300 }, (_, i) =>
      step(`s${i}`, { title: `${i} ${'long '.repeat(60)}`, startedAt: at(i), endedAt: at(i + 1) }),
    );
    const page = renderHtml(report({ steps }));
    expect(page.split('<tr>').length - 1).toBe(301);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('a step that has not ended reaches to the right edge', () => {
    const { endedAt: _, ...open } = step('a', { status: 'running', startedAt: at(3075) });
    const page = renderHtml(report({ steps: [open] }));
    expect(page).toContain('x="25%" width="75%"');
    expect(page).toContain('open');
  });

  test('times that are missing or no times do no harm', () => {
    const { endedAt: _, ...unfinished } = report({
      startedAt: 'soon',
      steps: [step('a', { startedAt: '' })],
    });
    const page = renderHtml(unfinished as ReturnType<typeof report>);
    expect(page).not.toMatch(/NaN|Infinity|Invalid/);
  });

  test('a run of no length at all still has a timeline', () => {
    const page = renderHtml(report({ endedAt: at(0), steps: [step('a', { endedAt: at(0) })] }));
    expect(page).toContain('<h2>Timeline</h2>');
    expect(page).not.toMatch(/NaN|Infinity/);
  });
});

describe('the timeline', () => {
  test('marks what waited for a person apart from what ran, with the decision on it', () => {
    const parked = step('a', { parkedAt: at(0), endedAt: at(12_300) });
    const decisions = [{ at: at(6150), step: 'a', action: 'retry', by: 'ann', why: 'w' }] as const;
    const page = renderHtml(report({ steps: [parked], decisions }));
    expect(page).toContain('class="bar waiting" x="0%" width="50%"');
    expect(page).toContain('<svg x="50%" overflow="visible"><title>retry by ann</title>');
    expect(page).toContain('waiting for a person');
  });
});

describe('the undo section', () => {
  test('tells undone, stuck, left and kept apart', () => {
    const status = (id: string, s: StepStatus, undo: 'undo' | 'keeps' = 'undo') =>
      step(id, { title: id, status: s, undo });
    const page = renderHtml(
      report({
        outcome: 'failed',
        steps: [
          status('was-undone', 'undone'),
          status('is-stuck', 'undo-failed'),
          status('is-left', 'done'),
          status('is-kept', 'done', 'keeps'),
          step('only-read', { risk: 'read', undo: 'none' }),
        ],
      }),
    );
    const undo = page.slice(page.indexOf('<h2>Undo</h2>'), page.indexOf('<footer>'));
    const order = [
      'Undone ',
      'was-undone',
      'Could not be',
      'is-stuck',
      'Left as it is',
      'is-left',
      'Kept on',
      'is-kept',
    ];
    expect(order.map((text) => undo.indexOf(text))).toEqual(
      order.map((text) => undo.indexOf(text)).toSorted((a, b) => a - b),
    );
    expect(undo).not.toContain('only-read');
  });

  test('is silent after a success', () => {
    expect(renderHtml(report({ steps: [step('a')] }))).not.toContain('<h2>Undo</h2>');
  });
});

test('edited parameters say old and new, and that they depart from the plan', () => {
  const changes = [{ name: 'max', from: 4, to: 1 }];
  const decision = { at: at(1), action: 'retry-with', by: 'ann', why: 'slower' } as const;
  const page = renderHtml(report({ decisions: [{ ...decision, changes, departsFromPlan: true }] }));
  expect(page).toContain('max: 4 -&gt; 1');
  expect(page).toContain('departs from the approved plan');
});

test('decisions say that names are claims', () => {
  const page = renderHtml(
    report({
      steps: [step('a')],
      decisions: [{ at: at(1), action: 'stop-undo', by: 'bert', why: 'window over' }],
    }),
  );
  expect(page).toContain('Names are what the client claimed; nobody checked them.');
  expect(page).toContain('stop or cancel');
});
