import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import type { Decision } from '../../src/shared/run-state.ts';
import { refusal } from './support/refusal.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const hopeless = () => {
  throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
};
const person = { by: 'ann', why: 'looked at it' };

async function parkedRun(): Promise<WorkflowHandle> {
  world.on('two', 'act', hopeless);
  const handle = await world.start('two-steps');
  await world.untilState(handle, 'parked');
  return handle;
}

const decide = (handle: WorkflowHandle, decision: Decision | unknown) =>
  handle.executeUpdate<string, [unknown]>('decide', { args: [decision] });

test('retry gives a parked step a fresh set of tries', async () => {
  const handle = await parkedRun();
  world.on('two', 'act', () => undefined);
  await decide(handle, { step: 'two', attempt: 1, action: 'retry', ...person });
  const report = await world.report(handle);
  expect(report.outcome).toBe('succeeded');
  expect(report.decisions).toMatchObject([{ step: 'two', action: 'retry', ...person }]);
  const [park, ...others] = report.parks ?? [];
  expect(others).toEqual([]);
  const parkedMs = Date.parse(park?.to ?? '') - Date.parse(park?.from ?? '');
  expect(parkedMs).toBeGreaterThan(0);
  expect(report.steps.map((step) => step.parkedMs)).toEqual([undefined, parkedMs]);
});

test('skip goes on without the step and says so', async () => {
  const handle = await parkedRun();
  await decide(handle, { step: 'two', attempt: 1, action: 'skip', ...person });
  const report = await world.report(handle);
  expect(report.steps.map((step) => step.status)).toEqual(['done', 'skipped']);
});

test('a step that later ones need cannot be skipped, and waits on for a decision that can be taken', async () => {
  world.on('two', 'verify', hopeless);
  const handle = await world.start('looking');
  await world.untilState(handle, 'parked');
  const skipped = decide(handle, { step: 'two', attempt: 1, action: 'skip', ...person });
  expect(await refusal(skipped)).toContain('cannot be skipped: later steps need what it finds');
  world.on('two', 'verify', () => 'it');
  await decide(handle, { step: 'two', attempt: 1, action: 'retry', ...person });
  expect(await world.report(handle)).toMatchObject({ outcome: 'succeeded' });
});

test('undo unwinds what was done, newest first', async () => {
  const handle = await parkedRun();
  await decide(handle, { step: 'two', attempt: 1, action: 'undo', ...person });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'undone', changed: false });
  const undone = world.calls
    .filter((call) => call.includes('undo'))
    .map((call) => call.split(' ')[0]);
  expect(undone).toEqual(['two', 'one']);
});

test('abort leaves everything as it is', async () => {
  const handle = await parkedRun();
  await decide(handle, { step: 'two', attempt: 1, action: 'abort', ...person });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'failed', changed: true });
  expect(world.calls.some((call) => call.includes('undo'))).toBe(false);
});

test('a decision that is stale, impossible or incomplete is refused with the reason', async () => {
  const handle = await parkedRun();
  const valid = { step: 'two', attempt: 1, action: 'retry', ...person };
  const cases: [unknown, RegExp][] = [
    [{ ...valid, attempt: 7 }, /stale decision: step two is at attempt 1, not 7/],
    [{ ...valid, attempt: undefined }, /"attempt" is missing or not a whole number/],
    [{ ...valid, attempt: { toString: 1 } }, /"attempt" is missing or not a whole number/],
    [{ ...valid, step: 'one' }, /step one is not parked \(parked: two\)/],
    [{ ...valid, action: 'explode' }, /unknown action explode/],
    [{ ...valid, why: ' ' }, /"why" is missing/],
    [{ ...valid, by: undefined }, /"by" is missing/],
    [[], /expected one JSON object/],
    [null, /expected one JSON object/],
    ['retry', /expected one JSON object/],
  ];
  for (const [decision, reason] of cases) {
    expect(await refusal(decide(handle, decision))).toMatch(reason);
  }
  expect((await world.stateOf(handle)).decisions).toEqual([]);
  await handle.terminate();
});

test('a failed undo is named, the others still run, and the run needs a person', async () => {
  world.on('two', 'undo', hopeless);
  world.on('two', 'act', hopeless);
  const report = await world.report(
    await world.start('two-steps', { options: { onFailure: 'undo' } }),
  );
  expect(report).toMatchObject({ outcome: 'failed', changed: true });
  expect(report.steps.map((step) => step.status)).toEqual(['undone', 'undo-failed']);
  expect(report.steps[1]?.undoError?.code).toBe('TOY_HOPELESS');
  expect(report.error?.code).toBe('TOY_HOPELESS');
});
