import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { startSleeper } from './support/processes.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ignore = () => {};

async function onFile(folder: string): Promise<string> {
  const [name = ''] = await readdir(folder);
  return readFile(join(folder, name), 'utf8');
}

test('has a child on file before it says so', async () => {
  const folder = await temporaryFolder();
  const claim = await new StepFence(folder, new Map()).enter(1000, ignore);
  const { pid = 0 } = await startSleeper();
  await claim.trackChild(pid);
  expect(await onFile(folder)).toContain(`"pid":${pid},`);
  await claim.leave();
});

test('does not mind a child that has ended already', async () => {
  const folder = await temporaryFolder();
  const claim = await new StepFence(folder, new Map()).enter(1000, ignore);
  await claim.trackChild(2 ** 22 + 1);
  await claim.leave();
  expect(await readdir(folder)).toEqual([]);
});

// Each would write the list as it knew it, and the last to rename its file would win.
test('has every child on file, also when several start at once', async () => {
  const folder = await temporaryFolder();
  const { pid = 0 } = await startSleeper();
  for (let round = 1; round <= 100; round++) {
    const claim = await new StepFence(folder, new Map()).enter(round, ignore);
    await Promise.all(Array.from({ length: 8 }, () => claim.trackChild(pid)));
    const text = await onFile(folder);
    await claim.leave();
    expect(text.match(new RegExp(`"pid":${pid},`, 'g'))).toHaveLength(8);
  }
});
