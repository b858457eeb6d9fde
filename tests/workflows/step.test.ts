import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { approveOpenGate } from './support/gate.ts';
import { ToyWorld } from './toy-world.ts';

let world: ToyWorld;
beforeAll(async () => {
  world = await ToyWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const broken = () => {
  throw new RunbookError('TOY_BROKEN', 'it broke', { why: 'by order', fix: 'mend it' });
};
const hopeless = () => {
  throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
};
const inPlace = () => ({ state: 'in-place', now: 'there already', output: 'found' });
/** An act that goes on until somebody ends it. */
const untilAborted = () =>
  new Promise((_, reject) => {
    currentAttempt().signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

test('a step probes, acts and verifies, in this order', async () => {
  const report = await world.report(await world.start('two-steps'));
  expect(report.outcome).toBe('succeeded');
  expect(world.calls).toEqual([
    'one probe 1',
    'one act 1',
    'one verify 1',
    'two probe 1',
    'two act 1',
    'two verify 1',
  ]);
});

test('a step whose probe finds the wanted state does nothing', async () => {
  world.on('one', 'probe', inPlace);
  world.on('two', 'probe', inPlace);
  const report = await world.report(await world.start('two-steps'));
  expect(world.calls).toEqual(['one probe 1', 'two probe 1']);
  expect(report.steps.map((step) => step.status)).toEqual(['in-place', 'in-place']);
  expect(report.changed).toBe(false);
});

test('attempts that fall into an absence of Docker are no tries', async () => {
  let absences = 4;
  world.on('one', 'act', () => {
    if (absences-- > 0) throw new RunbookError('RB_DOCKER_UNREACHABLE', 'no answer');
  });
  const report = await world.report(await world.start('two-steps'));
  expect(report.outcome).toBe('succeeded');
  expect(report.steps[0]).toMatchObject({ tries: 0, attempt: 5 });
  expect(report.steps[0]).not.toHaveProperty('error');
});

test('a failed act is tried three times, probing before each', async () => {
  world.on('one', 'act', broken);
  const report = await world.report(
    await world.start('two-steps', { options: { onFailure: 'abort' } }),
  );
  const calls = world.calls.filter((call) => call.startsWith('one') && !call.includes('verify'));
  expect(calls).toEqual([1, 2, 3].flatMap((n) => [`one probe ${n}`, `one act ${n}`]));
  expect(report.outcome).toBe('failed');
  expect(report.error).toEqual({
    code: 'TOY_BROKEN',
    what: 'it broke',
    why: 'by order',
    fix: 'mend it',
  });
});

test('an effect whose answer was lost is found by the probe and not done again', async () => {
  let landed = false;
  world.on('one', 'act', () => {
    landed = true;
    return broken();
  });
  world.on('one', 'probe', () => (landed ? inPlace() : undefined));
  const report = await world.report(await world.start('two-steps'));
  expect(world.calls.slice(0, 4)).toEqual([
    'one probe 1',
    'one act 1',
    'one probe 2',
    'one verify 2',
  ]);
  expect(report.steps[0]).toMatchObject({ status: 'done', tries: 1 });
});

test('a step says what its act did, also when only its body was told', async () => {
  world.on('one', 'act', () => 'made it');
  const report = await world.report(await world.start('told'));
  expect(report.steps[0]).toMatchObject({ change: 'make it', result: 'made it' });
});

test('an effect that is found after its answer was lost is told as what is true now', async () => {
  let landed = false;
  world.on('one', 'act', () => {
    landed = true;
    return broken();
  });
  world.on('one', 'probe', () => (landed ? { state: 'in-place', now: 'it is there' } : undefined));
  const report = await world.report(await world.start('told'));
  expect(report.steps[0]).toMatchObject({ status: 'done', result: 'it is there' });
});

test('an error that no repetition can cure is not tried again', async () => {
  world.on('one', 'act', hopeless);
  await world.report(await world.start('two-steps', { options: { onFailure: 'abort' } }));
  expect(world.calls).toEqual(['one probe 1', 'one act 1']);
});

test('an irreversible act is never repeated unasked', async () => {
  world.on('one', 'act', broken);
  const handle = await world.start('irreversible');
  await approveOpenGate(world, handle);
  const state = await world.untilState(handle, 'parked');
  expect(state.steps[0]).toMatchObject({ tries: 1, attempt: 1 });
  expect(world.calls).toEqual(['one probe 1', 'one probe 1', 'one act 1']);
  await handle.terminate();
});

test('a lost attempt is not a try: the step goes on after a probe', async () => {
  world.on('one', 'act', (ctx) => (ctx.attempt === 1 ? untilAborted() : undefined));
  const report = await world.report(await world.start('hasty'));
  expect(report.steps[0]).toMatchObject({ status: 'done', tries: 0, lost: 1 });
}, 30_000);

test('after a lost attempt whose act a probe finds in place the words are those of the probe', async () => {
  world.on('one', 'act', (ctx) => (ctx.attempt === 1 ? untilAborted() : undefined));
  world.on('one', 'probe', (ctx) =>
    ctx.attempt === 1 ? { state: 'absent', now: 'no' } : { state: 'in-place', now: 'it is there' },
  );
  const report = await world.report(await world.start('answer-lost'));
  expect(report.steps[0]).toMatchObject({ status: 'done', lost: 1, result: 'it is there' });
}, 30_000);

test('after a lost attempt a step without a probe parks: nobody can tell', async () => {
  world.on('one', 'act', (ctx) => (ctx.attempt === 1 ? untilAborted() : undefined));
  const handle = await world.start('blind');
  const state = await world.untilState(handle, 'parked');
  expect(state.steps[0]?.error?.code).toBe('RB_CANNOT_TELL');
  await handle.terminate();
}, 30_000);
