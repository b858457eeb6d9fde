import { expect, test } from 'vitest';
import { decide } from '../../../src/client/commands/decide.ts';
import { stop } from '../../../src/client/commands/stop.ts';
import { recordSession } from '../support/recorder.ts';
import { parkedStep, state, step } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const order = { run: 'r', actions: ['retry'], why: 'disk freed', by: 'ann' } as const;
const parked = state({ state: 'parked', steps: [step('environment'), parkedStep] });

test('step and attempt are those that the person has seen', async () => {
  const runs = new ScriptedRuns({ states: [parked] });
  expect(await decide(order, recordSession({ runs }).session)).toBe(0);
  expect(runs.decided).toEqual([
    { step: 'start-kafka', attempt: 4, action: 'retry', by: 'ann', why: 'disk freed' },
  ]);
});

test('with several parked steps one has to be named', async () => {
  const two = state({ state: 'parked', steps: [parkedStep, { ...parkedStep, id: 'start-trino' }] });
  const ambiguous = decide(
    order,
    recordSession({ runs: new ScriptedRuns({ states: [two] }) }).session,
  );
  await expect(ambiguous).rejects.toMatchObject({ code: 'RB_STEP_UNKNOWN' });
  const runs = new ScriptedRuns({ states: [two] });
  await decide({ ...order, step: 'start-trino' }, recordSession({ runs }).session);
  expect(runs.decided[0]?.step).toBe('start-trino');
});

test.each([
  ['a step that is not parked', { step: 'environment' }, 'RB_DECISION_REFUSED'],
  ['no action', { actions: [] }, 'RB_USAGE'],
  ['two actions', { actions: ['retry', 'skip'] as const }, 'RB_USAGE'],
])('%s is refused before anything is sent', async (_, change, code) => {
  const runs = new ScriptedRuns({ states: [parked] });
  const decision = decide({ ...order, ...change }, recordSession({ runs }).session);
  await expect(decision).rejects.toMatchObject({ code });
  expect(runs.decided).toEqual([]);
});

test('a run is stopped with undo unless it is to stay here', async () => {
  for (const here of [false, true]) {
    const runs = new ScriptedRuns({ states: [state()] });
    await stop(
      { run: 'r', undo: false, here, why: 'x', by: 'ann' },
      recordSession({ runs }).session,
    );
    expect(runs.stopped).toEqual([{ mode: here ? 'here' : 'undo', by: 'ann', why: 'x' }]);
  }
});

test('a run that has ended cannot be stopped', async () => {
  const { session } = recordSession({ runs: new ScriptedRuns({}) });
  const stopping = stop({ run: 'r', undo: true, here: false, why: 'x' }, session);
  await expect(stopping).rejects.toMatchObject({ code: 'RB_STOP_REFUSED' });
});
