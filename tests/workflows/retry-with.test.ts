import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import type { RunRequest } from '../../src/shared/run-request.ts';
import { until } from '../support/until.ts';
import { refusal } from './support/refusal.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const person = { by: 'ann', why: 'looked at it' };
const order = { step: 'do', attempt: 1, action: 'retry-with', ...person };

/** A fan-out whose second target works once its act is told the word `right`. */
async function parkedRun(options: RunRequest['options'] = {}): Promise<WorkflowHandle> {
  world.on('do/b', 'act', (_, input) => {
    if ((input as { word?: string }).word !== 'right') {
      throw new RunbookError('TOY_HOPELESS', 'it was told the wrong word', { retry: 'never' });
    }
  });
  const params = { targets: 'a,b,c', word: 'wrong' };
  const handle = await world.start('fan', { params, options });
  await world.untilState(handle, 'parked');
  return handle;
}

const decide = (handle: WorkflowHandle, decision: object) =>
  handle.executeUpdate<string, [unknown]>('decide', { args: [decision] });

test('the steps that follow get the edited parameters, and the report says old and new', async () => {
  const handle = await parkedRun();
  const answer = await decide(handle, { ...order, params: { word: 'right', max: 2 } });
  expect(answer).toBe('retry-with do: word: "wrong" -> "right", max: nothing -> 2');
  const report = await world.report(handle);
  expect(report).toMatchObject({
    outcome: 'succeeded',
    params: { targets: 'a,b,c', word: 'right', max: 2 },
    decisions: [
      {
        ...{ step: 'do', action: 'retry-with', ...person },
        changes: [
          { name: 'word', from: 'wrong', to: 'right' },
          { name: 'max', to: 2 },
        ],
      },
    ],
  });
  expect(report.decisions[0]).not.toHaveProperty('departsFromPlan');
  const acts = world.calls.filter((call) => call.includes(' act '));
  expect(acts).toEqual(['do/a act 1', 'do/b act 1', 'do/b act 2', 'do/c act 1', 'after act 1']);
});

test('a bad value is refused with every problem, and the run stays parked as it was', async () => {
  const handle = await parkedRun();
  const told = await refusal(decide(handle, { ...order, params: { max: 'two', wrod: 'right' } }));
  expect(told).toContain('params.wrod: expected a known parameter (did you mean "word"?)');
  expect(told).toContain('params.max: expected a whole number from 1 to 9, got "two"');
  expect(await world.stateOf(handle)).toMatchObject({ state: 'parked', decisions: [] });
  await decide(handle, { ...order, params: { word: 'right' } });
  expect((await world.report(handle)).params).toEqual({ targets: 'a,b,c', word: 'right' });
});

test('one that is incomplete, stale or too large is refused at once', async () => {
  const handle = await parkedRun();
  const cases: [object, RegExp][] = [
    [{}, /retry-with needs "params" with what changes/],
    [{ params: {} }, /retry-with needs "params"/],
    [{ params: ['max'] }, /retry-with needs "params"/],
    [{ params: { max: 1 }, action: 'retry' }, /"params" goes with the action retry-with/],
    [{ params: { max: 1 }, attempt: 9 }, /stale decision/],
    [{ params: { word: 'x'.repeat(70_000) } }, /"params" is larger than 65536 bytes/],
  ];
  for (const [change, reason] of cases) {
    expect(await refusal(decide(handle, { ...order, ...change }))).toMatch(reason);
  }
  await decide(handle, { ...order, action: 'abort' });
  await world.report(handle);
});

test('a run that was bound to a plan says that the edit departs from it', async () => {
  const params = { targets: 'a,b,c', word: 'wrong' };
  const planned = await world.report(await world.start('fan', { params, options: { plan: true } }));
  const planDigest = planned.approvedPlan?.digest as string;
  const handle = await parkedRun({ planDigest });
  const answer = await decide(handle, { ...order, params: { word: 'right' } });
  expect(answer).toMatch(/; this departs from the approved plan$/);
  const report = await world.report(handle);
  expect(report.decisions).toMatchObject([{ action: 'retry-with', departsFromPlan: true }]);
});

test('an edit that is still being checked when another decision is taken is refused', async () => {
  const handle = await parkedRun();
  let go: (() => void) | undefined;
  world.beforeCheck = () =>
    new Promise((resolve) => {
      go = resolve;
    });
  const edit = refusal(decide(handle, { ...order, params: { word: 'right' } }));
  await until('the check runs', async () => go !== undefined);
  const second = await refusal(decide(handle, { ...order, params: { word: 'other' } }));
  expect(second).toBe('another decision about do is being checked');
  await handle.executeUpdate('stop', { args: [{ mode: 'here', ...person }] });
  go?.();
  expect(await edit).toBe('step do is not parked (parked: none)');
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'stopped', params: { word: 'wrong' } });
});

test('what other people have approved cannot be edited afterwards', async () => {
  world.approvals = {
    ...{ approvers: ['bob'], required: 1, starterMayApprove: false, atStart: true },
    expiresAfterMs: 60_000,
  };
  world.on('do/b', 'act', () => {
    throw new RunbookError('TOY_HOPELESS', 'it was told the wrong word', { retry: 'never' });
  });
  const params = { targets: 'a,b,c', word: 'wrong' };
  const handle = await world.start('fan', { params, meta: { by: 'ann' } });
  const { gates } = await world.untilState(handle, 'waiting-for-approval');
  const approval = { gate: 'start', digest: gates?.[0]?.plan.digest, by: 'bob', why: 'read it' };
  await handle.executeUpdate('approve', { args: [approval] });
  await world.untilState(handle, 'parked');
  const editing = decide(handle, { ...order, params: { word: 'right' } });
  expect(await refusal(editing)).toContain('were approved at its gate');
  await decide(handle, { ...order, action: 'abort' });
});
