import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ignore = () => {};

test('steps over files that are no claims', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, '9000-1.json.4f2a.tmp'), '{"scheduledMs":');
  await writeFile(join(folder, 'notes.txt'), '9000');
  await writeFile(join(folder, '9000'), '');
  await mkdir(join(folder, 'folder'));
  const claim = await new StepFence(folder, new Map()).enter(1000, ignore);
  await claim.check();
  await claim.leave();
});

// The fence's files are not fsynced: after a power cut a claim may be there and be empty.
test.each(['', '\0\0\0\0', '{"scheduledMs":10', 'null', '{}'])(
  'passes an older claim that reads %j',
  async (text) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '1000-1.json'), text);
    const claim = await new StepFence(folder, new Map()).enter(2000, ignore);
    await claim.check();
    await claim.leave();
    expect(await readdir(folder)).toEqual([]);
  },
);
