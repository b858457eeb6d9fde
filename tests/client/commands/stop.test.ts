import { expect, test } from 'vitest';
import { stop } from '../../../src/client/commands/stop.ts';
import { recordSession } from '../support/recorder.ts';
import { failing, state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const order = { run: 'r', undo: false, here: false, why: 'x', by: 'ann' };

test.each([
  ['deploy', {}, 'undo', 'what it has done is undone, newest first (default of deploy)'],
  ['deploy', { here: true }, 'here', 'things stay as they are, nothing is undone (--here)'],
  [
    'verify-platform',
    {},
    'here',
    'things stay as they are, nothing is undone (default of verify-platform)',
  ],
  ['verify-platform', { undo: true }, 'undo', 'what it has done is undone, newest first (--undo)'],
] as const)(
  'a run of %s, stopped with %o, is stopped with %s',
  async (runbook, flags, mode, words) => {
    const runs = new ScriptedRuns({ states: [state()], runbook });
    const { session, stderr } = recordSession({ runs });
    expect(await stop({ ...order, ...flags }, session)).toBe(0);
    expect(runs.stopped).toEqual([{ mode, by: 'ann', why: 'x' }]);
    expect(stderr.text).toBe(`stopping r: ${words}\nrunbook watch r\n`);
  },
);

test('as JSON a stop says its mode and what that was taken from', async () => {
  const runs = new ScriptedRuns({ states: [state()] });
  const { session, stdout } = recordSession({ runs, settings: { output: 'json' } });
  await stop(order, session);
  expect(JSON.parse(stdout.text)).toMatchObject({ mode: 'undo', because: 'default of deploy' });
});

test('a run of a runbook that this machine does not know is stopped with a flag only', async () => {
  const script = { states: [state()], runbook: 'of-elsewhere' };
  const runs = new ScriptedRuns(script);
  await expect(stop(order, recordSession({ runs }).session)).rejects.toMatchObject({
    code: 'RB_USAGE',
    fix: 'runbook stop r --undo --why TEXT, or --here',
  });
  expect(runs.stopped).toEqual([]);
  const told = new ScriptedRuns(script);
  await stop({ ...order, here: true }, recordSession({ runs: told }).session);
  expect(told.stopped).toMatchObject([{ mode: 'here' }]);
});

test.each([
  ['a run that has ended', {}, {}, 'RB_STOP_REFUSED'],
  ['both modes', { states: [state()] }, { undo: true, here: true }, 'RB_USAGE'],
  ['a run whose code fails', { states: [failing] }, {}, 'RB_WORKFLOW_TASK_FAILING'],
  ['a run without a worker', { states: [state()], worker: 'absent' }, {}, 'RB_NO_WORKER'],
] as const)('%s is refused before anything is sent', async (_, script, flags, code) => {
  const runs = new ScriptedRuns(script);
  const stopping = stop({ ...order, ...flags }, recordSession({ runs }).session);
  await expect(stopping).rejects.toMatchObject({ code });
  expect(runs.stopped).toEqual([]);
});
