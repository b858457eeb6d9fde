import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PlatformFence } from '../../src/worker/platform-fence.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const lost = (token: number, highest: number) => ({
  code: 'RB_LOCK_LOST',
  retry: 'never',
  why: `this run holds token ${token}; the host has seen ${highest}`,
});

async function seen(state: string, token: number, platform = 'mini'): Promise<void> {
  await new PlatformFence(state, platform).check(token);
}

async function garbled(text: string): Promise<string> {
  const state = await temporaryFolder();
  await mkdir(join(state, 'platforms', 'mini'), { recursive: true });
  await writeFile(join(state, 'platforms', 'mini', 'fence'), text);
  return state;
}

test('takes the first token of a platform, and the same one again', async () => {
  const state = await temporaryFolder();
  await seen(state, 7);
  await seen(state, 7);
  await expect(seen(state, 6)).rejects.toMatchObject(lost(6, 7));
});

test('a higher token shuts a lower one out, in every worker of the host', async () => {
  const state = await temporaryFolder();
  const older = new PlatformFence(state, 'mini');
  await older.check(7);
  await new PlatformFence(state, 'mini').check(8);
  await expect(older.check(7)).rejects.toMatchObject(lost(7, 8));
});

test('a token may be as large as a time in milliseconds', async () => {
  const state = await temporaryFolder();
  const now = Date.now();
  await seen(state, now);
  await seen(state, now + 1);
  await expect(seen(state, now)).rejects.toMatchObject(lost(now, now + 1));
});

test('a run without a lock neither raises the fence nor is refused', async () => {
  const state = await temporaryFolder();
  await seen(state, 0);
  await expect(readFile(join(state, 'platforms', 'mini', 'fence'))).rejects.toThrow('ENOENT');
  await seen(state, 7);
  await seen(state, 0);
  await seen(state, 7);
});

test('keeps a token for each platform', async () => {
  const state = await temporaryFolder();
  await seen(state, 9, 'lab');
  await seen(state, 3, 'mini');
  await expect(seen(state, 8, 'lab')).rejects.toMatchObject(lost(8, 9));
});

// The file is not fsynced: a power cut may leave anything. No run of before is under way then.
test.each(['', '\0\0\0', 'seven', 'NaN'])('starts anew over a file that reads %j', async (text) => {
  const state = await garbled(text);
  await seen(state, 5);
  await expect(seen(state, 4)).rejects.toMatchObject(lost(4, 5));
});

test('reads a token that was written by hand', async () => {
  await expect(seen(await garbled('8\n'), 7)).rejects.toMatchObject(lost(7, 8));
});

test('keeps the highest token when several come at once', async () => {
  const state = await temporaryFolder();
  for (let round = 0; round < 50; round++) {
    const tokens = [3, 2, 1, 0].map((low) => 1 + round * 4 + low);
    await Promise.allSettled(tokens.map((token) => seen(state, token)));
    const highest = Math.max(...tokens);
    await expect(seen(state, highest - 1)).rejects.toMatchObject(lost(highest - 1, highest));
  }
});
