import { expect, test } from 'vitest';
import { logs } from '../../../src/client/commands/logs.ts';
import { recordSession } from '../support/recorder.ts';
import { state, step } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const steps = [step('start-db'), step('start-web')];

test.each([
  ['start-wbe', 'did you mean "start-web"?', 'runbook logs r start-web'],
  ['nostep', 'its steps are: start-db, start-web', 'runbook logs r'],
])('a step that the run does not have is refused: %s', async (asked, why, fix) => {
  const runs = new ScriptedRuns({ states: [state({ steps })] });
  const { session } = recordSession({ runs });
  await expect(logs({ run: 'r', step: asked }, session)).rejects.toMatchObject({
    code: 'RB_STEP_UNKNOWN',
    why,
    fix,
  });
});

test('a step that printed nothing is an answer', async () => {
  const runs = new ScriptedRuns({ states: [state({ steps })] });
  const { session, stderr } = recordSession({ runs });
  expect(await logs({ run: 'r', step: 'start-web' }, session)).toBe(0);
  expect(stderr.text).toBe('start-web printed nothing\n');
});

test('what a step printed is shown without asking which steps there are', async () => {
  const entry = { step: 'resolve', attempt: 1, phase: 'probe', at: 't', text: 'hello\n' } as const;
  const runs = new ScriptedRuns({ log: { entries: [entry], truncated: false } });
  const { session, stdout } = recordSession({ runs });
  expect(await logs({ run: 'r', step: 'resolve' }, session)).toBe(0);
  expect(stdout.text).toContain('hello\n');
});
