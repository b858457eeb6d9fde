import { expect, test } from 'vitest';
import { createTakeActivities } from '../../../src/activities/rotate/take.ts';
import { container } from '../docker-double.ts';
import { rotationRun } from './rotation-run.ts';

/** A consumer that takes a new value by a command; the value is delivered, and nobody has told it. */
async function delivered() {
  const { run, deliver, attempt, as, asked } = await rotationRun({ command: ['reread'] });
  const restarted = () => {
    const startedAt = new Date(Date.now() + 1000).toISOString();
    run.world.containers = [container('db'), container('app', { startedAt })];
  };
  await deliver('v2');
  const commands: string[] = [];
  let exitCode = 0;
  run.world.exec = (_, argv) => {
    commands.push(argv.join(' '));
    return { exitCode };
  };
  const activities = createTakeActivities(run.deps);
  return {
    ...{ commands, restarted },
    failWith: (code: number) => {
      exitCode = code;
    },
    take: () => as(() => activities.takeSecret(attempt.ctx, asked)),
    takeBack: () => as(() => activities.takeBack(attempt.ctx, asked)),
    verdict: async () => (await as(() => activities.takeVerdict(attempt.ctx, asked))).state,
  };
}

test('a consumer whose command succeeded has taken the value, and is not told again', async () => {
  const { commands, take, verdict } = await delivered();
  expect(await verdict()).toBe('absent');
  await take();
  expect(await verdict()).toBe('in-place');
  await take();
  expect(commands).toEqual(['reread']);
});

test('one whose command failed has not, and a retry tells it again', async () => {
  const { commands, failWith, take, verdict } = await delivered();
  failWith(1);
  await expect(take()).rejects.toMatchObject({ code: 'RB_NOT_TAKEN' });
  expect(await verdict()).toBe('absent');
  failWith(0);
  await take();
  expect(commands).toEqual(['reread', 'reread']);
  expect(await verdict()).toBe('in-place');
});

test('the way back tells also one whose command failed, for it may have the new value', async () => {
  const { commands, failWith, take, takeBack } = await delivered();
  failWith(1);
  await expect(take()).rejects.toMatchObject({ code: 'RB_NOT_TAKEN' });
  failWith(0);
  await takeBack();
  await takeBack();
  expect(commands).toEqual(['reread', 'reread']);
});

test('the way back leaves alone who was never told', async () => {
  const { commands, takeBack } = await delivered();
  await takeBack();
  expect(commands).toEqual([]);
});

test('the way back tells also one that nobody told, and that started by itself with the new value', async () => {
  const { commands, restarted, takeBack } = await delivered();
  restarted();
  await takeBack();
  await takeBack();
  expect(commands).toEqual(['reread']);
});
