import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { StepFence } from '../../src/worker/fence.ts';
import { ForeignClaim } from './support/foreign-claim.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ignore = () => {};
const handoverMs = 300;
const alive = { code: 'RB_OLD_ATTEMPT_ALIVE', retry: 'maybe' };

describe('a newcomer gives up, and takes its claim back, when the older attempt', () => {
  test('of this process does not end', async () => {
    const folder = await temporaryFolder();
    const local = new Map();
    const older = await new StepFence(folder, local).enter(1000, ignore);
    await expect(
      new StepFence(folder, local, handoverMs).enter(2000, ignore),
    ).rejects.toMatchObject(alive);
    await older.check();
    expect(await readdir(folder)).toHaveLength(1);
    await older.leave();
  });

  test('of another process does not end', async () => {
    const folder = await temporaryFolder();
    const older = await ForeignClaim.file(folder, 1000);
    older.freeze();
    const entering = new StepFence(folder, new Map(), handoverMs).enter(2000, ignore);
    await expect(entering).rejects.toMatchObject(alive);
    older.thaw();
    expect(await older.check()).toBe('done');
    expect(await readdir(folder)).toHaveLength(1);
  });
});
