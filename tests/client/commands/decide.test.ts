import { expect, test } from 'vitest';
import { decide } from '../../../src/client/commands/decide.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, parkedStep, state, step } from '../support/samples.ts';
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

test('parameters of a retry-with are read as the definition of the runbook wants them', async () => {
  const runs = new ScriptedRuns({ states: [{ ...parked, runbook: 'restart' }] });
  const edits = ['max=2', 'services=db,web'];
  await decide({ ...order, actions: ['retry-with'], edits }, recordSession({ runs }).session);
  expect(runs.decided).toMatchObject([
    { action: 'retry-with', params: { max: 2, services: ['db', 'web'] } },
  ]);
});

test('what is missing is named: first the decision, with all there are, then the reason', async () => {
  const { session } = recordSession({ runs: new ScriptedRuns({ states: [parked] }) });
  const missing = decide({ run: 'r', actions: [] }, session);
  await expect(missing).rejects.toMatchObject({
    code: 'RB_USAGE',
    message: expect.stringContaining('the decision is missing'),
    why: expect.stringMatching(
      /--retry: .*--retry-with NAME=VALUE: .*--skip: .*--undo: .*--abort: /s,
    ),
  });
  await expect(decide({ run: 'r', actions: ['skip'] }, session)).rejects.toMatchObject({
    code: 'RB_USAGE',
    message: 'the reason is missing',
    fix: 'runbook decide r --skip --why TEXT',
  });
});

test.each([
  ['whose code fails', { states: [failing] }, 'RB_WORKFLOW_TASK_FAILING'],
  ['that no worker carries out', { states: [parked], worker: 'absent' }, 'RB_NO_WORKER'],
] as const)('a run %s gets no decision: it could obey it much later', async (_, script, code) => {
  const runs = new ScriptedRuns(script);
  await expect(decide(order, recordSession({ runs }).session)).rejects.toMatchObject({ code });
  expect(runs.decided).toEqual([]);
});
