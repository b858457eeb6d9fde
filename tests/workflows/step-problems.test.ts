import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** The error of the first step of a run that is parked now. */
async function parkedError(runbook: string) {
  const handle = await world.start(runbook);
  const state = await world.untilState(handle, 'parked');
  await handle.terminate();
  return { run: handle.workflowId, error: state.steps[0]?.error };
}

test('a probe that cannot tell parks the step, with what to look at and what to decide', async () => {
  world.on('one', 'probe', () => ({ state: 'unknown', now: 'half of it is there' }));
  const { run, error } = await parkedError('two-steps');
  expect(error).toEqual({
    code: 'RB_CANNOT_TELL',
    what: 'nobody can tell whether "Do one" is done: half of it is there',
    why: 'to act on a guess could do it twice, or leave it half done',
    fix: `look at it (\`runbook logs ${run} one\`), then \`runbook decide ${run} one --skip --why TEXT\` when it is done, --retry when it is not`,
  });
  expect(world.calls).toEqual(['one probe 1']);
});

test('a lost attempt of a step without a probe says why nobody can tell', async () => {
  world.on('one', 'act', (ctx) => (ctx.attempt === 1 ? untilAborted() : undefined));
  const { run, error } = await parkedError('blind');
  expect(error).toEqual({
    code: 'RB_CANNOT_TELL',
    what: expect.stringContaining('an attempt was lost and the step has no probe'),
    why: expect.stringContaining('a guess'),
    fix: expect.stringContaining(`runbook decide ${run} one --skip`),
  });
}, 30_000);

test('an act without its effect says what is still to do, and where to look', async () => {
  const { run, error } = await parkedError('twice-probed');
  expect(error).toEqual({
    code: 'RB_NOT_IN_PLACE',
    what: 'the act ended without an error, and its effect is not there: not there',
    why: 'the probe after it still finds this to do: make it',
    fix: `see what the act printed (\`runbook logs ${run}\`) and what else changes the same thing, then try again`,
  });
}, 30_000);

/** An act that goes on until somebody ends it. */
const untilAborted = () =>
  new Promise((_, reject) => {
    currentAttempt().signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
