import { chmod, chown, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliverSecrets } from '../../../src/activities/secrets/deliver-current.ts';
import { deliveryGaps, strayDeliveries } from '../../../src/activities/secrets/deliveries.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import type { Platform } from '../../../src/shared/platform-file.ts';
import { ownUid, temporaryPlatform } from './platform.ts';

const noFence = async () => {};

async function deliveredPlatform(uid = ownUid) {
  const platform = await temporaryPlatform({
    secrets: { items: { root: { description: 'd', deliver: { db: uid, web: uid } } } },
  });
  await openPlatformStore(platform).mint('root', 32);
  return { platform, path: join(platform.directory, '.secrets/delivered/db/root') };
}

const whys = async (platform: Platform) =>
  (await deliveryGaps(platform)).map(({ consumer, why }) => `${consumer}: ${why}`);

test('gives each consumer a copy that only it can read', async () => {
  const { platform, path } = await deliveredPlatform();
  expect(await whys(platform)).toEqual(['db: missing', 'web: missing']);
  await deliverSecrets(platform, noFence);
  expect(await whys(platform)).toEqual([]);
  const stats = await lstat(path);
  expect(stats.mode & 0o7777).toBe(0o400);
  expect(await readFile(path, 'utf8')).toBe(
    (await openPlatformStore(platform).readCurrent('root'))?.value,
  );
  for (const folder of ['.secrets', '.secrets/delivered', '.secrets/delivered/db']) {
    expect((await lstat(join(platform.directory, folder))).mode & 0o7777).toBe(0o711);
  }
  expect((await lstat(join(platform.directory, '.secrets/store'))).mode & 0o7777).toBe(0o700);
});

test('leaves a right copy alone, so that its reader sees no change', async () => {
  const { platform, path } = await deliveredPlatform();
  await deliverSecrets(platform, noFence);
  const { ino } = await lstat(path);
  expect(await deliverSecrets(platform, noFence)).toEqual([]);
  expect((await lstat(path)).ino).toBe(ino);
});

describe('corrects and names', () => {
  const cases: [string, (path: string) => Promise<void>][] = [
    ['readable by others', (path) => chmod(path, 0o404)],
    ['readable by others', (path) => chmod(path, 0o440)],
    ['wrong mode', (path) => chmod(path, 0o600)],
    [
      'another value',
      async (path) => {
        await chmod(path, 0o600);
        await writeFile(path, 'x'.repeat(32));
        await chmod(path, 0o400);
      },
    ],
    [
      'not a plain file',
      async (path) => {
        await rm(path);
        await symlink('/etc/hostname', path);
      },
    ],
    ['missing', (path) => rm(path)],
  ];
  test.each(cases)('a copy that is %s', async (why, spoil) => {
    const { platform, path } = await deliveredPlatform();
    await deliverSecrets(platform, noFence);
    await spoil(path);
    expect((await deliverSecrets(platform, noFence)).map((gap) => gap.why)).toEqual([why]);
    expect(await whys(platform)).toEqual([]);
  });
});

test('follows a rotation', async () => {
  const { platform, path } = await deliveredPlatform();
  await deliverSecrets(platform, noFence);
  const store = openPlatformStore(platform);
  const { version } = await store.mintPending('root', { length: 32 });
  expect(await whys(platform)).toEqual([]);
  await store.promote('root', version);
  expect(await whys(platform)).toEqual(['db: another value', 'web: another value']);
  await deliverSecrets(platform, noFence);
  expect(await readFile(path, 'utf8')).toBe((await store.readCurrent('root'))?.value);
});

test('asks before each write and stops where it is refused', async () => {
  const { platform } = await deliveredPlatform();
  let asked = 0;
  const fence = async () => {
    asked += 1;
    if (asked === 2) throw new Error('fenced');
  };
  await expect(deliverSecrets(platform, fence)).rejects.toThrow('fenced');
  expect(await whys(platform)).toEqual(['web: missing']);
});

test('names files that nobody asked for and leaves them there', async () => {
  const { platform } = await deliveredPlatform();
  await deliverSecrets(platform, noFence);
  await mkdir(join(platform.directory, '.secrets/delivered/gone'));
  await writeFile(join(platform.directory, '.secrets/delivered/gone/old'), 'x');
  expect(await strayDeliveries(platform)).toEqual(['gone/old']);
  await deliverSecrets(platform, noFence);
  expect(await strayDeliveries(platform)).toEqual(['gone/old']);
});

test('refuses a link in the place of a consumer’s folder', async () => {
  const { platform } = await deliveredPlatform();
  await mkdir(join(platform.directory, '.secrets/delivered'), { recursive: true });
  await symlink('/tmp', join(platform.directory, '.secrets/delivered/db'));
  await expect(deliverSecrets(platform, noFence)).rejects.toMatchObject({
    code: 'RB_NOT_A_DIRECTORY',
  });
});

describe.runIf(ownUid === 0)('as root', () => {
  test('hands a copy to the uid of its consumer and takes it back from another', async () => {
    const { platform, path } = await deliveredPlatform(5432);
    await deliverSecrets(platform, noFence);
    expect(await lstat(path)).toMatchObject({ uid: 5432, gid: 5432 });
    await chown(path, 1000, 1000);
    expect((await deliverSecrets(platform, noFence)).map(({ why }) => why)).toEqual([
      'owned by another user',
    ]);
    expect(await lstat(path)).toMatchObject({ uid: 5432, gid: 5432 });
  });
});
