import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { until } from '../support/until.ts';
import { ForeignClaim } from './support/foreign-claim.ts';
import { lives } from './support/processes.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ignore = () => {};
const fenceOf = (folder: string) => new StepFence(folder, new Map());

/** Enters beside an older attempt that is under way; `events` says in which order things happened. */
async function enterBeside(folder: string, older: ForeignClaim, events: string[]) {
  const entering = fenceOf(folder)
    .enter(2000, ignore)
    .finally(() => events.push('newcomer entered'));
  // The newcomer kills the older one's children just before it begins to wait.
  await until('the child is killed', async () => !(await lives(older.child)));
  return entering;
}

test('waits for the attempt of another live process, and kills its child meanwhile', async () => {
  const folder = await temporaryFolder();
  const older = await ForeignClaim.file(folder, 1000, 'sleep', '60');
  const events: string[] = [];
  const entering = enterBeside(folder, older, events);
  expect(await untilFenced(older)).toBe('RB_FENCED');
  events.push('older leaves');
  await older.leave();
  const claim = await entering;
  expect(events).toEqual(['older leaves', 'newcomer entered']);
  await claim.leave();
  expect(await readdir(folder)).toEqual([]);
});

test('goes on when the other process dies instead', async () => {
  const folder = await temporaryFolder();
  const older = await ForeignClaim.file(folder, 1000, 'sleep', '60');
  const events: string[] = [];
  const entering = enterBeside(folder, older, events);
  await untilFenced(older);
  events.push('older dies');
  await older.kill();
  const claim = await entering;
  expect(events).toEqual(['older dies', 'newcomer entered']);
  await claim.leave();
  expect(await readdir(folder)).toEqual([]);
});

test('a process that was frozen is refused when it thaws', async () => {
  const folder = await temporaryFolder();
  const older = await ForeignClaim.file(folder, 1000, 'sleep', '60');
  older.freeze();
  const events: string[] = [];
  const entering = enterBeside(folder, older, events);
  await until('the child is killed', async () => !(await lives(older.child)));
  events.push('older thaws');
  older.thaw();
  expect(await older.check()).toBe('RB_FENCED');
  await older.leave();
  const claim = await entering;
  expect(events).toEqual(['older thaws', 'newcomer entered']);
  await claim.leave();
});

test('does not start beside a newer attempt of another process', async () => {
  const folder = await temporaryFolder();
  const newer = await ForeignClaim.file(folder, 2000, 'sleep', '60');
  await expect(fenceOf(folder).enter(1000, ignore)).rejects.toMatchObject({ code: 'RB_FENCED' });
  expect(await newer.check()).toBe('done');
  expect(await lives(newer.child)).toBe(true);
  expect(await readdir(folder)).toHaveLength(1);
});

function untilFenced(older: ForeignClaim): Promise<string> {
  return until('the older attempt is fenced', async () => {
    const outcome = await older.check();
    return outcome !== 'done' && outcome;
  });
}
