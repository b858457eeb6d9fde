import { expect, test } from 'vitest';
import type { ApproveOptions } from '../../../src/client/commands/approve.ts';
import { answerGate } from '../../../src/client/follow/answer-gate.ts';
import type { GateRecord } from '../../../src/shared/gate.ts';
import { gate } from '../../report/sample-reports.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const { digest } = gate().plan;
const order: ApproveOptions = {
  ...{ run: 'r', action: 'approve', why: 'read it', by: 'bob' },
  ...{ yes: true, digest: digest.slice(0, 12) },
};
const waiting = (...gates: GateRecord[]) =>
  new ScriptedRuns({ states: [state({ state: 'waiting-for-approval', steps: [], gates })] });

test('an approval is for the plan that was shown, and says how many there are now', async () => {
  const runs = waiting(gate({ required: 2, approvers: ['bob', 'carl'] }));
  const { session, stderr } = recordSession({ runs });
  expect(await answerGate(order, session)).toBe(0);
  expect(runs.answered).toEqual([
    { action: 'approve', gate: 'start', digest, by: 'bob', why: 'read it' },
  ]);
  expect(stderr.text).toContain('recreate web');
  expect(stderr.text).toContain('2 approvals by bob or carl');
  expect(stderr.text).toContain('approved start: 1 of 2 approvals\nrunbook watch r\n');
});

test('as JSON the answer is what was sent', async () => {
  const { session, stdout } = recordSession({
    runs: waiting(gate()),
    settings: { output: 'json', quiet: true },
  });
  await answerGate(order, session);
  expect(JSON.parse(stdout.text)).toMatchObject({ run: 'r', action: 'approve', digest });
});

test.each([
  ['where nobody can be asked', { yes: false }, 'RB_CONFIRMATION_NEEDED'],
  ['of a plan that nobody names', { digest: undefined }, 'RB_CONFIRMATION_NEEDED'],
  ['of another plan', { digest: 'f'.repeat(12) }, 'RB_APPROVAL_REFUSED'],
  ['of a plan named by few digits', { digest: digest.slice(0, 11) }, 'RB_USAGE'],
  ['of a plan that is no digest', { digest: 'the newest plan' }, 'RB_USAGE'],
  ['at a gate that is not open', { gate: 'two' }, 'RB_APPROVAL_REFUSED'],
  ['on another platform', { confirm: 'prod' }, 'RB_NOT_CONFIRMED'],
] as const)('an approval %s is refused before it is sent', async (_, change, code) => {
  const runs = waiting(gate());
  const approving = answerGate({ ...order, ...change }, recordSession({ runs }).session);
  await expect(approving).rejects.toMatchObject({ code });
  expect(runs.answered).toEqual([]);
});

test('what cannot be undone needs the name of the platform; --yes alone is refused', async () => {
  const heavy = gate({ risk: 'irreversible' });
  const refused = answerGate(order, recordSession({ runs: waiting(heavy) }).session);
  await expect(refused).rejects.toMatchObject({
    code: 'RB_CONFIRMATION_NEEDED',
    fix: `give --confirm lab --digest ${digest.slice(0, 12)}`,
  });
  const runs = waiting(heavy);
  await answerGate({ ...order, confirm: 'lab' }, recordSession({ runs }).session);
  expect(runs.answered).toHaveLength(1);
});

test('a rejection needs a yes and no digest', async () => {
  const runs = waiting(gate({ risk: 'irreversible' }));
  const { session, stderr } = recordSession({ runs });
  await answerGate({ ...order, action: 'reject', digest: undefined }, session);
  expect(runs.answered).toMatchObject([{ action: 'reject', digest }]);
  expect(stderr.text).toContain('rejected start: the run ends');
});

test('with several gates one has to be named', async () => {
  const gates = [gate({ id: 'left' }), gate({ id: 'right' })];
  const ambiguous = answerGate(order, recordSession({ runs: waiting(...gates) }).session);
  await expect(ambiguous).rejects.toMatchObject({ code: 'RB_GATE_UNKNOWN' });
  const runs = waiting(...gates);
  await answerGate({ ...order, gate: 'right' }, recordSession({ runs }).session);
  expect(runs.answered).toMatchObject([{ gate: 'right' }]);
});

test('a run that has ended, or cannot hear it, gets no approval', async () => {
  const ended = answerGate(order, recordSession({ runs: new ScriptedRuns({}) }).session);
  await expect(ended).rejects.toMatchObject({ code: 'RB_APPROVAL_REFUSED' });
  const runs = new ScriptedRuns({ states: [failing] });
  const unheard = answerGate(order, recordSession({ runs }).session);
  await expect(unheard).rejects.toMatchObject({ code: 'RB_WORKFLOW_TASK_FAILING' });
});
