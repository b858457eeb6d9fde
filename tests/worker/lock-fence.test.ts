import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { HeldLock, LockMode } from '../../src/shared/lock.ts';
import { LockFence } from '../../src/worker/lock-fence.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const fenceModule = join(import.meta.dirname, '..', '..', 'src', 'worker', 'lock-fence.ts');

const lost = (token: number, highest: number) => ({
  code: 'RB_LOCK_LOST',
  retry: 'never',
  why: `this run holds token ${token}; the host has seen ${highest}`,
});

const held = (token: number, mode: LockMode = 'exclusive', key = 'mini'): HeldLock[] => [
  { key, mode, token },
];

const check = (state: string, locks: readonly HeldLock[], platform = 'mini') =>
  new LockFence(state, platform).check(locks);

test('takes the first token of a key, and the same one again', async () => {
  const state = await temporaryFolder();
  await check(state, held(7));
  await check(state, held(7));
  await expect(check(state, held(6))).rejects.toMatchObject(lost(6, 7));
});

test('a higher token shuts a lower one out, in every worker of the host', async () => {
  const state = await temporaryFolder();
  const older = new LockFence(state, 'mini');
  await older.check(held(7));
  await new LockFence(state, 'mini').check(held(8));
  await expect(older.check(held(7))).rejects.toMatchObject(lost(7, 8));
});

test('a token may be as large as a time in milliseconds', async () => {
  const state = await temporaryFolder();
  const now = Date.now();
  await check(state, held(now));
  await check(state, held(now + 1));
  await expect(check(state, held(now))).rejects.toMatchObject(lost(now, now + 1));
});

test('a run without a lock neither raises the fence nor is refused', async () => {
  const state = await temporaryFolder();
  await check(state, []);
  expect(await readdir(state)).toEqual([]);
  await check(state, held(7));
  await check(state, []);
  await check(state, held(7));
});

test('keeps a token for each platform and each key', async () => {
  const state = await temporaryFolder();
  await check(state, held(9, 'exclusive', 'lab'), 'lab');
  await check(state, held(3, 'exclusive', 'lab/minio'), 'lab');
  await check(state, held(4, 'exclusive', 'mini'), 'mini');
  const late = check(state, held(8, 'exclusive', 'lab'), 'lab');
  await expect(late).rejects.toMatchObject(lost(8, 9));
});

test.each(['intent', 'shared'] as const)(
  'holders by %s do not shut each other out',
  async (mode) => {
    const state = await temporaryFolder();
    await check(state, held(8, mode));
    await check(state, held(7, mode));
    await check(state, held(8, mode));
  },
);

test('an exclusive grant shuts out those who shared before, and they shut out an earlier exclusive one', async () => {
  const state = await temporaryFolder();
  await check(state, held(5));
  await check(state, held(6, 'intent'));
  await expect(check(state, held(5))).rejects.toMatchObject(lost(5, 6));
  await check(state, held(8));
  await expect(check(state, held(7, 'intent'))).rejects.toMatchObject(lost(7, 8));
});

test('every lock of a run must hold', async () => {
  const state = await temporaryFolder();
  const mine = (token: number) => [
    ...held(1, 'intent', 'lab'),
    ...held(token, 'exclusive', 'lab/postgres'),
  ];
  await check(state, mine(5));
  await check(state, mine(6));
  await expect(check(state, mine(5))).rejects.toMatchObject({
    code: 'RB_LOCK_LOST',
    message: 'another run has taken the lock lab/postgres since',
  });
});

test('a file that is none of its own is no grant', async () => {
  const state = await temporaryFolder();
  const folder = join(state, 'platforms', 'mini', 'grants', 'mini');
  await mkdir(folder, { recursive: true });
  for (const name of ['9.exclusive.tmp', 'NaN.shared', '9', 'seven']) {
    await writeFile(join(folder, name), '');
  }
  await check(state, held(5));
  await expect(check(state, held(4))).rejects.toMatchObject(lost(4, 5));
});

test('grants that shut out nobody are taken away', async () => {
  const state = await temporaryFolder();
  for (const token of [1, 2, 3]) await check(state, held(token, 'intent'));
  await check(state, held(4));
  for (const token of [5, 6, 7]) await check(state, held(token, 'shared'));
  const folder = join(state, 'platforms', 'mini', 'grants', 'mini');
  expect((await readdir(folder)).sort()).toEqual(['4.exclusive', '7.shared']);
});

test('keeps the highest token when several come at once', async () => {
  const state = await temporaryFolder();
  for (let round = 0; round < 50; round++) {
    const tokens = [3, 2, 1, 0].map((low) => 1 + round * 4 + low);
    await Promise.allSettled(tokens.map((token) => check(state, held(token))));
    const highest = Math.max(...tokens);
    const late = check(state, held(highest - 1));
    await expect(late).rejects.toMatchObject(lost(highest - 1, highest));
  }
});

test('of grants that two processes file at once the highest is kept', async () => {
  const state = await temporaryFolder();
  const script = `
    import { LockFence } from ${JSON.stringify(fenceModule)};
    const fence = new LockFence(${JSON.stringify(state)}, 'mini');
    for (let token = Number(process.argv[1]); token <= 400; token += 2) {
      await fence.check([{ key: 'mini', mode: 'exclusive', token }]).catch(() => undefined);
    }`;
  const worker = (first: string) =>
    execa(process.execPath, ['--input-type=module', '--eval', script, first]);
  await Promise.all([worker('1'), worker('2')]);
  await expect(check(state, held(399))).rejects.toMatchObject(lost(399, 400));
});
