import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { testContext } from '../activities/test-attempt.ts';
import { until } from '../support/until.ts';
import { openRun } from './support/attempts.ts';

const probe = { phase: 'probe' } as const;
const lock = (token: number) => [{ key: 'mini', mode: 'exclusive', token }] as const;
const absent = async () => ({ state: 'absent', now: 'nothing' });

test('gives the activity its attempt: context, folder and pinned platform', async () => {
  const { attempt, directory } = await openRun();
  const seen = await attempt(async () => {
    const { ctx, runDirectory, platform } = currentAttempt();
    return [ctx.step, runDirectory, (await platform()).name];
  });
  expect(seen).toEqual(['start-web', directory, 'mini']);
});

test('a probe says whether this run has acted, from just before the act on', async () => {
  const { attempt } = await openRun();
  expect(await attempt(absent, { ctx: probe })).toMatchObject({ acted: false });
  const crash = attempt(async () => Promise.reject(new Error('in the middle of the act')));
  await expect(crash).rejects.toThrow('in the middle');
  expect(await attempt(absent, { ctx: probe })).toMatchObject({ acted: true });
  const other = { ...probe, step: 'start-db' };
  expect(await attempt(absent, { ctx: other })).toMatchObject({ acted: false });
});

test('an act without the lock does not begin, and a probe does', async () => {
  const { attempt } = await openRun();
  let acts = 0;
  const act = async () => {
    acts += 1;
  };
  await attempt(act, { ctx: { locks: lock(8) } });
  for (const phase of ['act', 'undo'] as const) {
    const late = attempt(act, { ctx: { phase, locks: lock(7), step: 'late' } });
    await expect(late).rejects.toMatchObject({ type: 'RB_LOCK_LOST', nonRetryable: true });
  }
  expect(acts).toBe(1);
  const looked = await attempt(absent, { ctx: { ...probe, locks: lock(7), step: 'late' } });
  expect(looked).toMatchObject({ acted: false });
});

test('the lock may go to another run in the middle of an act', async () => {
  const { attempt } = await openRun();
  const late = attempt(
    async () => {
      const { checkFence } = currentAttempt();
      await checkFence();
      await attempt(async () => undefined, { ctx: { step: 'of-another-run', locks: lock(8) } });
      await checkFence();
    },
    { ctx: { locks: lock(7) } },
  );
  await expect(late).rejects.toMatchObject({ type: 'RB_LOCK_LOST' });
});

test('an attempt that a newer one took over from is fenced, and the newer one runs alone', async () => {
  const { attempt, directory } = await openRun();
  const events: string[] = [];
  const begun = Promise.withResolvers<void>();
  const older = attempt(async () => {
    const { signal, platform } = currentAttempt();
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
      begun.resolve();
    });
    // Time enough for a newer one that would not wait.
    await platform();
    events.push('older ends');
    signal.throwIfAborted();
  });
  const refused = expect(older).rejects.toMatchObject({ type: 'RB_FENCED' });
  await begun.promise;
  await attempt(async () => events.push('newer runs'), { atMs: 2000 });
  await refused;
  expect(events).toEqual(['older ends', 'newer runs']);
  expect(await readdir(join(directory, 'fence', 'start-web'))).toEqual([]);
});

test('a failure carries its code and the last output, and neither carries a secret', async () => {
  const { attempt, directory } = await openRun();
  const failing = attempt(async () => {
    currentAttempt().log('the password is canary77');
    throw new RunbookError('RB_X', 'canary77 was refused', { retry: 'never' });
  });
  await expect(failing).rejects.toMatchObject({
    type: 'RB_X',
    message: '[redacted] was refused',
    nonRetryable: true,
    details: [{ outputTail: 'the password is [redacted]\n' }],
  });
  const [name = ''] = await readdir(join(directory, 'logs'));
  expect(name).toBe('1000.start-web.1.act.log');
  expect(await readFile(join(directory, 'logs', name), 'utf8')).toBe(
    'the password is [redacted]\n',
  );
});

// The store or an .env may be what cannot be read.
test('keeps the code when the secrets cannot be read', async () => {
  const { attempt } = await openRun(async () => Promise.reject(new Error('EACCES: .env')));
  const failing = attempt(async () => {
    throw new RunbookError('RB_X', 'canary77 was refused', { retry: 'never' });
  });
  await expect(failing).rejects.toMatchObject({
    type: 'RB_X',
    message: expect.not.stringContaining('canary77'),
    nonRetryable: true,
  });
});

test('beats while the activity works, with its last words', async () => {
  const { attempt } = await openRun();
  const heard = Promise.withResolvers<void>();
  const work = async () => {
    currentAttempt().log('pulling the image');
    await heard.promise;
  };
  const onBeat = (details: unknown) => {
    if (JSON.stringify(details).includes('pulling the image')) heard.resolve();
  };
  await attempt(work, { heartbeatTimeoutMs: 40, onBeat });
});

test('beats at once with what it waits for, redacted, and no more once it goes on', async () => {
  const { attempt } = await openRun();
  const beats: unknown[] = [];
  const waiting = { for: 'web: canary77 was refused', since: '', timeoutMs: 5 };
  const work = async () => {
    const { waitsFor } = currentAttempt();
    waitsFor(waiting);
    await until('a beat', async () => beats.length > 0);
    waitsFor(undefined);
    await until('another', async () => beats.length > 1);
  };
  await attempt(work, { onBeat: (beat) => beats.push(beat) });
  const { step } = testContext;
  expect(beats).toEqual([
    { step, lastWords: '', waiting: { ...waiting, for: 'web: [redacted] was refused' } },
    { step, lastWords: '' },
  ]);
});

test.each([[[]], [[null]], [[{ run: 'run-1', step: 'start-web' }]]])(
  'leaves alone what belongs to no step: %j',
  async (args) => {
    const { attempt, directory } = await openRun();
    const before = await readdir(directory);
    expect(await attempt(async () => 'answer', { args })).toBe('answer');
    expect(await readdir(directory)).toEqual(before);
  },
);

test('what serves no run keeps the facts of a known error, and an unknown one stays as it is', async () => {
  const { attempt } = await openRun();
  const advice = { why: 'a', fix: 'b', retry: 'never' } as const;
  const refusing = async () => Promise.reject(new RunbookError('RB_NO_LOG', 'no output', advice));
  await expect(attempt(refusing, { args: [{ run: 'r' }] })).rejects.toMatchObject({
    ...{ type: 'RB_NO_LOG', nonRetryable: true },
    details: [{ facts: { code: 'RB_NO_LOG', what: 'no output', why: 'a', fix: 'b' } }],
  });
  const bug = new Error('a bug');
  const failing = async () => Promise.reject(bug);
  await expect(attempt(failing, { args: [{ run: 'r' }] })).rejects.toBe(bug);
});
