import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { currentDetails } from '../../src/report/markdown.ts';
import { limits } from '../../src/shared/limits.ts';
import { at, gate, report, runState } from './sample-reports.ts';

const waiting = (change = {}) =>
  currentDetails(runState({ state: 'waiting-for-approval', gates: [gate(change)] }));

test('the current details say what is missing, show the plan, and the two ways to answer', () => {
  const text = waiting({
    required: 2,
    approvers: ['ann', 'bob', 'carl'],
    answers: [{ at: at(1), action: 'approve', by: 'bob', why: 'x', digest: 'd' }],
  });
  expect(text).toContain('**‖ Waits for approval**');
  expect(text).toContain('**Deploy the platform: 1 of 2 approvals given.**');
  expect(text).toContain('2 approvals by ann, bob or carl');
  expect(text).toContain('Given by bob.');
  expect(text).toContain('- `start-web` recreate web (now: an older image)');
  expect(text).toContain('runbook approve deploy-stack-lab-20261123-140307 start --why "..."');
  const [argument = ''] = /\{\n[^}]*\}/.exec(text) ?? [];
  expect(JSON.parse(argument)).toMatchObject({ gate: 'start', digest: gate().plan.digest });
});

test('a gate names everything that a plan line names', () => {
  const names = Array.from({ length: 8 }, (_, index) => `VARIABLE_${index}`.padEnd(60, 'X'));
  const change = `recreate web: environment (added ${names.join(', ')} and 4 more), command`;
  const { plan } = gate();
  const lines = plan.lines.map((line) => ({ ...line, ...(line.change && { change }) }));
  const text = waiting({ plan: { ...plan, lines } });
  expect(text.replaceAll('\\_', '_')).toContain(`${change} (now: an older image)`);
});

test('a gate that opened again says why', () => {
  expect(waiting({ openings: 2 })).toContain('what was approved before is void');
});

test('a closed gate asks for nothing', () => {
  expect(waiting({ status: 'approved' })).not.toContain('runbook approve');
});

test('the current details stay below the limit for any texts', () => {
  const text = fc.string({ unit: 'binary', maxLength: 1000 });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 40 }), (s, names) => {
      const lines = names.map((name) => ({
        ...{ step: name, title: s, now: s, change: s, undo: 'undo' as const },
      }));
      const plan = { ...gate().plan, lines, changes: lines.length };
      const answers = names.map((by) => ({
        ...{ at: at(1), action: 'approve' as const, by, why: s, digest: s },
      }));
      const details = currentDetails(
        runState({
          ...{ state: 'waiting-for-approval', run: s, title: s, by: s },
          gates: [gate({ id: s, title: s, plan, approvers: names, answers, openings: 2 })],
        }),
      );
      expect(new TextEncoder().encode(details).length).toBeLessThan(limits.currentDetailsBytes);
    }),
    { numRuns: 200 },
  );
});

test('the page shows claimed names beside what the server knows of the client', () => {
  const answer = { at: at(1), action: 'approve', why: 'read it', digest: 'd'.repeat(64) } as const;
  const page = renderHtml(
    report({
      gates: [
        gate({
          status: 'approved',
          openings: 2,
          answers: [
            { ...answer, by: 'carl', update: 'u0', identity: 'carl@desk', void: true },
            { ...answer, by: 'ann <b>', update: 'u1', identity: '4711@desk' },
            { ...answer, by: 'bob', update: 'u2', identity: '' },
            { ...answer, by: 'dora', update: 'u3' },
            { ...answer, by: 'eve' },
          ],
        }),
      ],
    }),
  );
  expect(page).toContain('<h2>Approvals</h2>');
  expect(page).toContain('ann &lt;b&gt;');
  for (const words of ['4711@desk', 'the client gave none', 'not read', 'with the start']) {
    expect(page).toContain(`<td data-label="Client">${words}</td>`);
  }
  expect(page).toContain('plan dddddddddddd, void: it changed');
  expect(page).toContain('opened 2 times, for the plan changed');
});

test('a page without gates has no such section', () => {
  expect(renderHtml(report())).not.toContain('Approvals');
});
