import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const fenced = { code: 'RB_FENCED', retry: 'never' };
const ignore = () => {};

/** Two fences of one process, as two attempts have them. */
async function twoFences() {
  const folder = await temporaryFolder();
  const local = new Map();
  return [new StepFence(folder, local), new StepFence(folder, local), folder] as const;
}

test('lets an attempt in that is alone, and forgets it when it leaves', async () => {
  const [fence, , folder] = await twoFences();
  const claim = await fence.enter(1000, ignore);
  await claim.check();
  expect(await readdir(folder)).toHaveLength(1);
  await claim.leave();
  expect(await readdir(folder)).toEqual([]);
});

test('makes its folder, which is closed to others', async () => {
  const folder = join(await temporaryFolder(), 'fence', 'start-web');
  const claim = await new StepFence(folder, new Map()).enter(1000, ignore);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await claim.leave();
});

test('a newcomer aborts the older attempt and starts when that one has ended', async () => {
  const [first, second] = await twoFences();
  const events: string[] = [];
  const aborted = Promise.withResolvers<void>();
  const older = await first.enter(1000, () => {
    events.push('older aborted');
    aborted.resolve();
  });
  const entering = second.enter(2000, ignore).then((claim) => {
    events.push('newcomer entered');
    return claim;
  });
  await aborted.promise;
  // Time enough for a newcomer that would not wait.
  await expect(older.check()).rejects.toMatchObject(fenced);
  events.push('older leaves');
  await older.leave();
  const newcomer = await entering;
  await newcomer.check();
  await newcomer.leave();
  expect(events).toEqual(['older aborted', 'older leaves', 'newcomer entered']);
});

test('an older attempt that wakes up late may not have another effect', async () => {
  const [first, second] = await twoFences();
  const aborted = Promise.withResolvers<void>();
  const older = await first.enter(1000, aborted.resolve);
  const entering = second.enter(2000, ignore);
  await aborted.promise;
  await expect(older.check()).rejects.toMatchObject(fenced);
  await older.leave();
  await (await entering).leave();
});

test('an older attempt that comes late is refused at the door, and disturbs nobody', async () => {
  const [first, second, folder] = await twoFences();
  let aborted = false;
  const newer = await first.enter(2000, () => {
    aborted = true;
  });
  await expect(second.enter(1000, ignore)).rejects.toMatchObject(fenced);
  await newer.check();
  expect(aborted).toBe(false);
  expect(await readdir(folder)).toHaveLength(1);
  await newer.leave();
});

test('of three attempts the newest alone goes on', async () => {
  const [first, second] = await twoFences();
  const enter = async (scheduledMs: number) => {
    const aborted = Promise.withResolvers<void>();
    const claim = await first.enter(scheduledMs, aborted.resolve);
    const ended = aborted.promise.then(() => claim.leave());
    return { ended };
  };
  const oldest = await enter(1000);
  const middle = await enter(2000);
  const newest = await second.enter(3000, ignore);
  await Promise.all([oldest.ended, middle.ended]);
  await newest.check();
  await newest.leave();
});

test('attempts of different steps know nothing of each other', async () => {
  const [fence] = await twoFences();
  const [other] = await twoFences();
  const claim = await fence.enter(1000, ignore);
  const unrelated = await other.enter(2000, ignore);
  await claim.check();
  await Promise.all([claim.leave(), unrelated.leave()]);
});
