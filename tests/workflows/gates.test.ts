import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApprovalRules, anyoneMayApprove } from '../../src/shared/gate.ts';
import { until } from '../support/until.ts';
import { answer, untilGate } from './support/gate.ts';
import { refusal } from './support/refusal.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** Two of three named people, not the starter, before anything begins. */
const twoOfThree: ApprovalRules = {
  ...anyoneMayApprove,
  atStart: true,
  approvers: ['ann', 'bob', 'carl'],
  required: 2,
  starterMayApprove: false,
};
const acts = () => world.calls.filter((call) => call.includes(' act '));
const changedTwo = () => ({ state: 'absent', now: 'half there', change: 'mend it' });

async function listed(state: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `RunbookState = "${state}"`;
  for await (const { workflowId } of world.client.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

async function eventCount(run: WorkflowHandle): Promise<number> {
  return (await run.fetchHistory()).events?.length ?? 0;
}

test('a run that needs approvals shows its plan, touches nothing and holds no lock until it has them', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps', { meta: { by: 'ann@desk' } });
  const gate = await untilGate(world, run);
  expect(gate).toMatchObject({ id: 'start', title: 'Toy', required: 2, answers: [] });
  expect(gate.plan.lines.map(({ step, change }) => [step, change])).toEqual([
    ['one', 'make it'],
    ['two', 'make it'],
  ]);
  expect(acts()).toEqual([]);
  expect((await world.stateOf(run)).locks).toEqual([]);
  await until('the server lists it', async () =>
    (await listed('waiting-for-approval')).includes(run.workflowId),
  );

  world.approvals = undefined;
  expect((await world.report(await world.start('two-steps'))).outcome).toBe('succeeded');

  expect(await answer(run, 'approve', gate, 'bob')).toBe('start approved: 1 of 2');
  expect((await world.stateOf(run)).state).toBe('waiting-for-approval');
  await answer(run, 'approve', gate, 'carl@phone');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'succeeded', approvedPlan: gate.plan });
  const identity = expect.stringMatching(/^\d+@/);
  expect(report.gates).toMatchObject([
    {
      ...{ id: 'start', status: 'approved', openings: 1 },
      answers: [
        { action: 'approve', by: 'bob', why: 'bob has read it', identity },
        { action: 'approve', by: 'carl@phone', identity },
      ],
    },
  ]);
});

test('an answer that may not count is refused with the reason and leaves no event', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps', { meta: { by: 'ann@desk' } });
  const gate = await untilGate(world, run);
  await answer(run, 'approve', gate, 'bob');
  const before = await eventCount(run);
  const other = 'f'.repeat(64);
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => answer(run, 'approve', { ...gate, id: 'two' }, 'carl'), /no gate two \(open: start\)/],
    [() => answer(run, 'approve', gate, 'carl', { digest: other }), /^stale: .* not f{64}$/],
    [
      () => answer(run, 'approve', gate, 'dora'),
      /dora is not one of the approvers: ann, bob, carl/,
    ],
    [() => answer(run, 'reject', gate, 'dora'), /dora is not one of the approvers/],
    [() => answer(run, 'approve', gate, 'ann'), /ann has started the run: somebody else/],
    [() => answer(run, 'approve', gate, 'Bob@other'), /bob has approved already/],
    [() => answer(run, 'approve', gate, 'carl', { why: ' ' }), /"why" is missing/],
    [() => run.executeUpdate('approve', { args: [[]] }), /expected one JSON object/],
  ];
  for (const [update, reason] of cases) expect(await refusal(update())).toMatch(reason);
  expect(await eventCount(run)).toBe(before);
  await answer(run, 'approve', gate, 'carl');
  const after = await refusal(answer(run, 'reject', gate, 'carl'));
  expect(after).toMatch(/the gate start is closed: it was approved/);
  expect((await world.report(run)).outcome).toBe('succeeded');
});

test('a plan that has changed under the locks opens the gate anew, and the old approvals are void', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  await answer(run, 'approve', gate, 'bob');
  world.on('two', 'probe', changedTwo);
  await answer(run, 'approve', gate, 'carl');
  const again = await untilGate(world, run, 2);
  expect(acts()).toEqual([]);
  expect(again.plan.digest).not.toBe(gate.plan.digest);
  expect(again.plan.lines[1]).toMatchObject({ now: 'half there', change: 'mend it' });
  expect(again.answers.map(({ by, void: isVoid }) => [by, isVoid])).toEqual([
    ['bob', true],
    ['carl', true],
  ]);
  expect((await world.stateOf(run)).locks).toMatchObject([{ status: 'released' }]);
  expect(await refusal(answer(run, 'approve', gate, 'bob'))).toMatch(/^stale/);
  await answer(run, 'approve', again, 'bob');
  await answer(run, 'approve', again, 'ann');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'succeeded', approvedPlan: again.plan });
  expect(report.gates?.[0]?.answers.map(({ by }) => by)).toEqual(['bob', 'carl', 'bob', 'ann']);
});

test('a plan that never stays the same ends the run, untouched', async () => {
  let version = 0;
  world.approvals = { ...twoOfThree, required: 1 };
  world.on('two', 'probe', () => ({ state: 'absent', now: `version ${++version}`, change: 'x' }));
  const run = await world.start('two-steps');
  for (let opening = 1; opening <= 5; opening++) {
    await answer(run, 'approve', await untilGate(world, run, opening), 'bob');
  }
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'failed', changed: false });
  expect(report.error?.code).toBe('RB_PLAN_DRIFT');
});

test('a rejection ends the run, and before the start nothing was changed', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  await answer(run, 'reject', gate, 'bob', { why: 'not tonight' });
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'blocked', changed: false, steps: [] });
  expect(report.error).toMatchObject({
    code: 'RB_REJECTED',
    what: '"Toy" was rejected by bob: not tonight',
  });
  expect(report.summary).toBe(
    'Blocked, nothing was changed. "Toy" was rejected by bob: not tonight.',
  );
  expect(report.gates).toMatchObject([{ status: 'rejected', answers: [{ action: 'reject' }] }]);
});

test('nobody in time ends the run', async () => {
  world.approvals = { ...twoOfThree, expiresAfterMs: 300 };
  const report = await world.report(await world.start('two-steps'));
  expect(report).toMatchObject({ outcome: 'blocked', changed: false });
  expect(report.error).toMatchObject({
    code: 'RB_APPROVAL_EXPIRED',
    why: 'it got 0 of 2 approvals',
  });
  expect(report.gates).toMatchObject([{ status: 'expired' }]);
});

test('a run that waits for approval can be stopped, and cancelled', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  await answer(run, 'approve', gate, 'bob');
  await run.executeUpdate('stop', { args: [{ mode: 'undo', by: 'ann', why: 'wrong one' }] });
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(report.gates).toMatchObject([
    { status: 'stopped', answers: [{ by: 'bob', identity: expect.stringMatching(/@/) }] },
  ]);
  const other = await world.start('two-steps');
  await untilGate(world, other);
  await other.cancel();
  await expect(other.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
});

test('a hold takes effect when the gate is passed', async () => {
  world.approvals = { ...twoOfThree, required: 1 };
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  await run.executeUpdate('hold', { args: [{ by: 'ann', why: 'incident' }] });
  await answer(run, 'approve', gate, 'bob');
  await world.untilState(run, 'held');
  expect(acts()).toEqual([]);
  await run.executeUpdate('release', { args: [{ by: 'ann', why: 'over' }] });
  expect((await world.report(run)).outcome).toBe('succeeded');
});

test('a run that waited past the end of the change window does not begin', async () => {
  world.approvals = { ...twoOfThree, required: 1 };
  world.window = { open: true };
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  world.window = { open: false };
  await answer(run, 'approve', gate, 'bob');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'RB_OUTSIDE_WINDOW' } });
  expect(report.locks).toMatchObject([{ status: 'released' }]);
});

test('a plan opens no gate and says what the run will need', async () => {
  world.approvals = twoOfThree;
  const report = await world.report(await world.start('two-steps', { options: { plan: true } }));
  expect(report).toMatchObject({ outcome: 'planned', approvals: { required: 2 } });
  expect(report).not.toHaveProperty('gates');
});

async function planDigest(runbook: string): Promise<string> {
  const { approvedPlan } = await world.report(
    await world.start(runbook, { options: { plan: true } }),
  );
  return approvedPlan?.digest ?? '';
}

test('whoever starts with a plan has approved it, where the starter may', async () => {
  world.approvals = { ...anyoneMayApprove, atStart: true };
  const digest = await planDigest('two-steps');
  const start = { options: { planDigest: digest }, meta: { by: 'ann' } };
  const alone = await world.report(await world.start('two-steps', start));
  expect(alone.outcome).toBe('succeeded');
  expect(alone).not.toHaveProperty('gates');

  world.approvals = { ...world.approvals, required: 2 };
  const run = await world.start('two-steps', start);
  const gate = await untilGate(world, run);
  expect(gate.answers).toMatchObject([{ by: 'ann', why: 'started with this plan', digest }]);
  expect(await refusal(answer(run, 'approve', gate, 'ann'))).toMatch(/ann has approved already/);
  await answer(run, 'approve', gate, 'bob');
  expect((await world.report(run)).outcome).toBe('succeeded');

  world.approvals = { ...world.approvals, required: 1, starterMayApprove: false };
  const alien = await world.start('two-steps', start);
  expect((await untilGate(world, alien)).answers).toEqual([]);
  await alien.terminate();
});

test('before an act that cannot be undone a run without a plan waits for one approval of that step', async () => {
  const run = await world.start('point-of-no-return');
  const gate = await untilGate(world, run);
  expect(gate).toMatchObject({ id: 'two', title: 'Do two', risk: 'irreversible', required: 1 });
  expect(gate.plan.lines).toMatchObject([{ step: 'two', now: 'not there', change: 'make it' }]);
  const { steps, locks } = await world.stateOf(run);
  expect(steps.map(({ status }) => status)).toEqual(['done', 'waiting']);
  expect(locks).toMatchObject([{ status: 'held' }]);
  expect(acts()).toEqual(['one act 1']);
  await answer(run, 'approve', gate, 'test');
  expect((await world.report(run)).outcome).toBe('succeeded');
  expect(world.calls.slice(-4)).toEqual([
    'two probe 1',
    'two probe 1',
    'two act 1',
    'two verify 1',
  ]);
});

test('what the step finds after its approval has to be what was approved', async () => {
  const run = await world.start('point-of-no-return');
  const gate = await untilGate(world, run);
  world.on('two', 'probe', changedTwo);
  await answer(run, 'approve', gate, 'ann');
  const again = await untilGate(world, run, 2);
  expect(acts()).toEqual(['one act 1']);
  expect(again).toMatchObject({ answers: [{ by: 'ann', void: true }] });
  world.on('two', 'probe', () => ({ state: 'in-place', now: 'there' }));
  await answer(run, 'approve', again, 'ann');
  const report = await world.report(run);
  expect(report.steps.map(({ status }) => status)).toEqual(['done', 'in-place']);
});

test.each([
  ['undo', 'undone', false],
  ['park', 'undone', false],
  ['abort', 'failed', true],
] as const)(
  'a rejected step leads to what onFailure says: %s',
  async (onFailure, outcome, changed) => {
    const run = await world.start('point-of-no-return', { options: { onFailure } });
    await answer(run, 'reject', await untilGate(world, run), 'bob');
    const report = await world.report(run);
    expect(report).toMatchObject({ outcome, changed, error: { code: 'RB_REJECTED' } });
    expect(report.steps[1]?.status).toBe('skipped');
  },
);

test('the platform says what becomes of a step that nobody approves in time', async () => {
  world.approvals = { ...anyoneMayApprove, expiresAfterMs: 300, onExpiry: 'abort' };
  const options = { onFailure: 'undo' as const };
  const report = await world.report(await world.start('point-of-no-return', { options }));
  expect(report).toMatchObject({ outcome: 'failed', changed: true });
  expect(report.error?.code).toBe('RB_APPROVAL_EXPIRED');
});

test('a run that was started with its plan, or approved as a whole, does not wait before its steps', async () => {
  const digest = await planDigest('point-of-no-return');
  const options = { planDigest: digest };
  const started = await world.report(await world.start('point-of-no-return', { options }));
  expect(started.outcome).toBe('succeeded');
  expect(started).not.toHaveProperty('gates');
  world.approvals = { ...twoOfThree, required: 1 };
  const run = await world.start('point-of-no-return');
  await answer(run, 'approve', await untilGate(world, run), 'bob');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'succeeded', gates: [{ id: 'start' }] });
});

test('steps side by side wait at gates of their own, and one wait ends without the other', async () => {
  const run = await world.start('two-of-no-return');
  const gates = await until('both wait', async () => {
    const found = (await world.stateOf(run)).gates ?? [];
    return found.length === 2 && found;
  });
  const [left, right] = gates;
  if (left === undefined || right === undefined) throw new Error('no two gates');
  await answer(run, 'approve', left, 'ann');
  await until('the left act is done', async () => acts().length === 1);
  expect((await world.stateOf(run)).state).toBe('waiting-for-approval');
  await answer(run, 'approve', right, 'ann');
  expect((await world.report(run)).outcome).toBe('succeeded');
});

test('a rejection of one of two steps side by side closes the gate of the other', async () => {
  const run = await world.start('two-of-no-return');
  const [left] = await until('both wait', async () => {
    const found = (await world.stateOf(run)).gates ?? [];
    return found.length === 2 && found;
  });
  if (left === undefined) throw new Error('no gate');
  await answer(run, 'reject', left, 'bob');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'blocked', changed: false });
  expect(report.gates?.map(({ status }) => status)).toEqual(['rejected', 'stopped']);
});

test('a gate stays open, with what it got, while its worker is away', async () => {
  world.approvals = twoOfThree;
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  await answer(run, 'approve', gate, 'bob');
  await world.stopWorker();
  await world.startWorker();
  await answer(run, 'approve', gate, 'carl');
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'succeeded', gates: [{ status: 'approved' }] });
});

test('a reset takes no approval along that was for another plan', async () => {
  world.approvals = { ...twoOfThree, required: 1 };
  const run = await world.start('two-steps');
  const gate = await untilGate(world, run);
  world.on('one', 'probe', changedTwo);
  const { runId } = await run.describe();
  const { events } = await run.fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await world.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: run.workflowId, runId },
    reason: 'test',
    requestId: 'reset-gates',
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
  const again = await until('the gate shows the new plan', async () => {
    const [found] = (await world.stateOf(run)).gates ?? [];
    return found?.plan.digest !== gate.plan.digest && found;
  });
  expect(await refusal(answer(run, 'approve', gate, 'bob'))).toMatch(/^stale/);
  await answer(run, 'approve', again, 'bob');
  const latest = world.client.workflow.getHandle(run.workflowId);
  expect((await world.report(latest)).outcome).toBe('succeeded');
});

test('a scheduled run that nobody approves ends, so that the next can start', async () => {
  world.approvals = { ...twoOfThree, expiresAfterMs: 500 };
  const schedule = await world.client.schedule.create({
    scheduleId: 'toy/approved',
    spec: {},
    action: { type: 'startWorkflow', workflowType: 'two-steps', taskQueue: 'runbook', args: [{}] },
  });
  await schedule.trigger();
  const id = await until('its run is started', async () => {
    const { recentActions } = (await schedule.describe()).info;
    const { action } = recentActions[0] ?? {};
    return action?.type === 'startWorkflow' && action.workflow.workflowId;
  });
  const report = await world.report(world.client.workflow.getHandle(id));
  expect(report).toMatchObject({ outcome: 'blocked', trigger: 'schedule' });
  expect(report.error?.code).toBe('RB_APPROVAL_EXPIRED');
  await schedule.delete();
});
