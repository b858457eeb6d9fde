import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { until } from '../support/until.ts';
import { ForeignClaim } from './support/foreign-claim.ts';
import { lives, pidIn } from './support/processes.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ignore = () => {};
const gone = (pid: number) => until('the process is gone', async () => !(await lives(pid)), 1000);

/** Enters, leaves, and says whether anything is left on file. */
async function pass(folder: string, scheduledMs: number): Promise<string[]> {
  const claim = await new StepFence(folder, new Map()).enter(scheduledMs, ignore);
  await claim.check();
  await claim.leave();
  return readdir(folder);
}

/** As if every process on file had ended and its number gone to the process that has it now. */
async function recycleNumbers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replaceAll(/("startTicks":)"\d+"/g, '$1"1"'));
  }
}

test('ends the claim of a dead process', async () => {
  const folder = await temporaryFolder();
  await (await ForeignClaim.file(folder, 1000)).kill();
  expect(await readdir(folder)).toHaveLength(1);
  expect(await pass(folder, 2000)).toEqual([]);
});

test('is not held up by a dead process with a later claim, as after a clock that was set back', async () => {
  const folder = await temporaryFolder();
  await (await ForeignClaim.file(folder, 3000)).kill();
  expect(await pass(folder, 2000)).toEqual([]);
});

test('kills the child that a dead process has left, with all that the child has started', async () => {
  const [folder, notes] = [await temporaryFolder(), await temporaryFolder()];
  const script = `sleep 60 & echo $! > ${join(notes, 'pid')}; wait`;
  const older = await ForeignClaim.file(folder, 1000, 'sh', '-c', script);
  const grandchild = await pidIn(join(notes, 'pid'));
  await older.kill();
  expect(await lives(older.child)).toBe(true);
  expect(await pass(folder, 2000)).toEqual([]);
  expect(await lives(older.child)).toBe(false);
  await gone(grandchild);
});

test('spares a later process that has the number of a child', async () => {
  const folder = await temporaryFolder();
  const older = await ForeignClaim.file(folder, 1000, 'sleep', '60');
  await older.kill();
  await recycleNumbers(folder);
  expect(await pass(folder, 2000)).toEqual([]);
  expect(await lives(older.child)).toBe(true);
});

test('does not wait for a later process that has the number of the dead one', async () => {
  const folder = await temporaryFolder();
  await ForeignClaim.file(folder, 1000);
  await recycleNumbers(folder);
  expect(await pass(folder, 2000)).toEqual([]);
});

// A child that dies with its worker does not take along what it has started itself: `docker compose build`
// starts `docker buildx`.
test('kills what a child has started even where the child died with its worker', async () => {
  const [folder, notes] = [await temporaryFolder(), await temporaryFolder()];
  const script = `sleep 60 & echo $! > ${join(notes, 'pid')}; wait`;
  const bound = ['setpriv', '--pdeathsig', 'KILL', '--', 'sh', '-c', script];
  const older = await ForeignClaim.file(folder, 1000, ...bound);
  const grandchild = await pidIn(join(notes, 'pid'));
  await older.kill();
  await gone(older.child);
  await pass(folder, 2000);
  await gone(grandchild);
});
