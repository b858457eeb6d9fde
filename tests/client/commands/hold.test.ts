import { expect, test } from 'vitest';
import { hold } from '../../../src/client/commands/hold.ts';
import { recordSession } from '../support/recorder.ts';
import { state } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const order = { run: 'r', why: 'incident', by: 'ann' };

test('a hold says how the run goes on', async () => {
  const runs = new ScriptedRuns({ states: [state()] });
  const { session, stderr } = recordSession({ runs });
  expect(await hold({ ...order, order: 'hold' }, session)).toBe(0);
  expect(runs.held).toEqual([{ order: 'hold', by: 'ann', why: 'incident' }]);
  expect(stderr.text).toBe(
    'holding r: what is under way ends, no new step begins\nrunbook release r --why TEXT\n',
  );
});

test('a release says how to look on', async () => {
  const runs = new ScriptedRuns({ states: [state()] });
  const { session, stderr } = recordSession({ runs });
  await hold({ ...order, order: 'release' }, session);
  expect(runs.held).toMatchObject([{ order: 'release' }]);
  expect(stderr.text).toBe('r goes on\nrunbook watch r\n');
});

test('a run that has ended is not held', async () => {
  const runs = new ScriptedRuns({});
  const holding = hold({ ...order, order: 'hold' }, recordSession({ runs }).session);
  await expect(holding).rejects.toMatchObject({ code: 'RB_HOLD_REFUSED' });
  expect(runs.held).toEqual([]);
});
