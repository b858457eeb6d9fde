import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  deliveredVersion,
  stageDelivery,
  swapDelivery,
  unstageDelivery,
} from '../../../src/activities/secrets/deliver.ts';
import { deliverSecrets } from '../../../src/activities/secrets/deliver-current.ts';
import { deliveryGaps, strayDeliveries } from '../../../src/activities/secrets/deliveries.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import { ownUid, temporaryPlatform } from './platform.ts';

const noFence = async () => {};

/** A platform whose secret `app` is delivered to `db` and `web`, with a version that a rotation moves to. */
async function rotating(parts: object = {}, login = 'app') {
  const platform = await temporaryPlatform({
    secrets: {
      items: {
        app: { description: 'd', deliver: { db: ownUid, web: { uid: ownUid } }, ...parts },
        'app-b': { description: 'd', deliver: { web: ownUid } },
      },
    },
  });
  const store = openPlatformStore(platform);
  await store.mint('app', 32);
  await store.mint('app-b', 32);
  await deliverSecrets(platform, noFence);
  await store.mintPending('app', { length: 32, login });
  const at = (file: string) => join(platform.directory, '.secrets/delivered', file);
  const delivered = () => deliveredVersion(platform, 'app');
  const stage = (version = 'v2') => stageDelivery(platform, 'app', version, noFence);
  const swap = (version = 'v2') => swapDelivery(platform, 'app', version, noFence);
  const valueIn = async (version: string) => (await store.read('app', version))?.value ?? '';
  return { platform, store, at, delivered, stage, swap, valueIn };
}

const pair = {
  form: 'pair',
  credential: { service: 'db', type: 'role', account: { role: 'app_a' }, strategy: 'alternating' },
};

test('stages complete copies beside the delivered ones, which stay', async () => {
  const { at, stage, delivered, valueIn, platform } = await rotating();
  await stage();
  expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
  expect(await readFile(at('web/app.staged-v2'), 'utf8')).toBe(await valueIn('v2'));
  expect(await lstat(at('web/app.staged-v2'))).toMatchObject({ uid: ownUid, gid: ownUid });
  expect((await lstat(at('web/app.staged-v2'))).mode & 0o7777).toBe(0o400);
  expect(await strayDeliveries(platform)).toEqual([]);
});

test('swaps all copies, and leaves nothing beside them', async () => {
  const { platform, at, stage, swap, delivered } = await rotating();
  await stage();
  const done = await swap();
  expect(done.consumers).toEqual(['db', 'web']);
  expect(done.spanMs).toBeLessThan(50);
  expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
  expect((await readdir(at('web'))).sort()).toEqual(['app', 'app-b']);
  expect(await deliveredVersion(platform, 'app-b')).toEqual({ web: 'v1' });
});

test('repeats of both change nothing that is right', async () => {
  const { at, stage, swap, platform } = await rotating();
  await stage();
  const staged = await lstat(at('db/app.staged-v2'));
  await stage();
  expect((await lstat(at('db/app.staged-v2'))).ino).toBe(staged.ino);
  await swap();
  const refusing = async () => {
    throw new Error('nothing was to be written');
  };
  await stageDelivery(platform, 'app', 'v2', refusing);
  expect(await swapDelivery(platform, 'app', 'v2', refusing)).toEqual({ consumers: [], spanMs: 0 });
  expect((await lstat(at('db/app'))).ino).toBe(staged.ino);
});

describe('goes on after a crash', () => {
  test('between two staged copies, with a half-written one', async () => {
    const { at, stage, swap, delivered } = await rotating();
    await stage();
    await rm(at('web/app.staged-v2'));
    await writeFile(at('web/app.staged-v2.tmp-0123456789ab'), 'half');
    await stage();
    await swap();
    expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
    expect((await readdir(at('web'))).sort()).toEqual(['app', 'app-b']);
  });

  test('between two renames: the rest follows, and what is there stays', async () => {
    const { at, stage, swap, delivered } = await rotating();
    await stage();
    const kept = await readFile(at('web/app.staged-v2'));
    await swap();
    await rm(at('web/app'));
    await writeFile(at('web/app'), 'old', { mode: 0o400 });
    await writeFile(at('web/app.staged-v2'), kept, { mode: 0o400 });
    const { ino } = await lstat(at('db/app'));
    expect((await swap()).consumers).toEqual(['web']);
    expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
    expect((await lstat(at('db/app'))).ino).toBe(ino);
  });

  test('staging again repairs a copy that was changed', async () => {
    const { at, stage, swap, delivered } = await rotating();
    await stage();
    await chmod(at('db/app.staged-v2'), 0o444);
    await expect(swap()).rejects.toMatchObject({ code: 'RB_DELIVERY_NOT_STAGED' });
    expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
    await stage();
    await swap();
    expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
  });
});

test('swaps none where one is not ready', async () => {
  const { at, stage, swap, delivered } = await rotating();
  await stage();
  await rm(at('web/app.staged-v2'));
  await expect(swap()).rejects.toMatchObject({ code: 'RB_DELIVERY_NOT_STAGED' });
  expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
});

test('removes what was staged of another version, of this secret only', async () => {
  const { at, stage, store, swap, delivered } = await rotating();
  await stage();
  await writeFile(at('web/app-b.staged-v7'), 'of another secret');
  await store.discard('app', 'v2');
  await store.mintPending('app', { length: 32 });
  await stage('v3');
  expect((await readdir(at('web'))).sort()).toEqual([
    'app',
    'app-b',
    'app-b.staged-v7',
    'app.staged-v3',
  ]);
  await swap('v3');
  expect(await delivered()).toEqual({ db: 'v3', web: 'v3' });
});

test('the way back is the same delivery of the version before', async () => {
  const { at, stage, swap, delivered } = await rotating();
  await stage();
  await swap();
  await stage('v1');
  await swap('v1');
  expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
  expect(await readdir(at('db'))).toEqual(['app']);
});

test('what was staged can be taken back, and is a stray file once its version is', async () => {
  const { platform, at, stage, store } = await rotating();
  await stage();
  await store.discard('app', 'v2');
  expect(await strayDeliveries(platform)).toEqual(['db/app.staged-v2', 'web/app.staged-v2']);
  await unstageDelivery(platform, 'app', noFence);
  await unstageDelivery(platform, 'app', noFence);
  expect(await strayDeliveries(platform)).toEqual([]);
  expect(await readdir(at('db'))).toEqual(['app']);
});

test('asks before each effect, and does nothing after a refusal', async () => {
  const { platform, at, delivered, stage } = await rotating();
  const fenced = async () => {
    throw new Error('fenced');
  };
  await expect(stageDelivery(platform, 'app', 'v2', fenced)).rejects.toThrow('fenced');
  expect(await readdir(at('db'))).toEqual(['app']);
  await stage();
  await expect(swapDelivery(platform, 'app', 'v2', fenced)).rejects.toThrow('fenced');
  await expect(unstageDelivery(platform, 'app', fenced)).rejects.toThrow('fenced');
  expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
  expect(await readdir(at('db'))).toContain('app.staged-v2');
});

test('delivers only versions that are in the store', async () => {
  const { stage, swap } = await rotating();
  await expect(stage('v9')).rejects.toMatchObject({ code: 'RB_SECRET_UNKNOWN' });
  await expect(swap('../v1')).rejects.toMatchObject({ code: 'RB_SECRET_UNKNOWN' });
});

describe('tells which version a copy holds', () => {
  test('one that the store has forgotten by its fingerprint', async () => {
    const { store, stage, swap, delivered } = await rotating();
    await stage();
    await swap();
    await store.promote('app', 'v2');
    await store.mintPending('app', { length: 32 });
    await store.promote('app', 'v3');
    await store.forget('app');
    expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
    await stage('v3');
    await swap('v3');
    expect(await delivered()).toEqual({ db: 'v3', web: 'v3' });
  });

  test.each([
    ['missing', (path: string) => rm(path)],
    ['foreign', (path: string) => rm(path).then(() => writeFile(path, 'put there by hand'))],
    ['foreign', (path: string) => rm(path).then(() => writeFile(path, ''))],
    ['foreign', (path: string) => rm(path).then(() => symlink('/etc/hostname', path))],
    ['foreign', (path: string) => rm(path).then(() => mkdir(path))],
    ['foreign', async (path: string) => writeFile(path, `${await readFile(path, 'utf8')}\n`)],
  ])('%s', async (expected, spoil) => {
    const { at, delivered } = await rotating();
    await chmod(at('db/app'), 0o600);
    await spoil(at('db/app'));
    expect(await delivered()).toEqual({ db: expected, web: 'v1' });
  });
});

describe('a pair of login and value', () => {
  test('has the login of the platform file first, and then that of its version', async () => {
    const { at, stage, swap, delivered, valueIn } = await rotating(pair, 'app_b');
    expect(await readFile(at('db/app'), 'utf8')).toBe(`app_a\n${await valueIn('v1')}\n`);
    expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
    await stage();
    await swap();
    expect(await readFile(at('db/app'), 'utf8')).toBe(`app_b\n${await valueIn('v2')}\n`);
    expect(await delivered()).toEqual({ db: 'v2', web: 'v2' });
  });

  test('is foreign with the right value beside another login', async () => {
    const { at, delivered, valueIn } = await rotating(pair);
    await rm(at('db/app'));
    await writeFile(at('db/app'), `app_b\n${await valueIn('v1')}\n`);
    await rm(at('web/app'));
    await writeFile(at('web/app'), await valueIn('v1'));
    expect(await delivered()).toEqual({ db: 'foreign', web: 'foreign' });
  });

  test('is not delivered without a login', async () => {
    await expect(rotating({ form: 'pair' })).rejects.toMatchObject({ code: 'RB_SECRET_LOGIN' });
  });
});

describe('a deploy in the middle of a rotation', () => {
  test('delivers what is current as long as no consumer has the next version', async () => {
    const { platform, at, stage, delivered } = await rotating();
    await stage();
    await rm(at('web/app'));
    expect(await deliverSecrets(platform, noFence)).toMatchObject([{ consumer: 'web' }]);
    expect(await delivered()).toEqual({ db: 'v1', web: 'v1' });
  });

  test('refuses to touch the copies once one has it, and says what to do', async () => {
    const { platform, at, stage, swap, delivered } = await rotating();
    await stage();
    await swap();
    await rm(at('web/app'));
    await rm(at('web/app-b'));
    await expect(deliverSecrets(platform, noFence)).rejects.toMatchObject({
      code: 'RB_ROTATION_OPEN',
      why: expect.stringContaining('db has app@v2'),
      fix: expect.stringContaining('rotate-secrets'),
    });
    expect(await delivered()).toEqual({ db: 'v2', web: 'missing' });
    expect(await deliveredVersion(platform, 'app-b')).toEqual({ web: 'missing' });
  });

  test('goes on once the version is current', async () => {
    const { platform, at, stage, swap, store } = await rotating();
    await stage();
    await swap();
    await store.promote('app', 'v2');
    await rm(at('web/app'));
    await deliverSecrets(platform, noFence);
    expect(await deliveryGaps(platform)).toEqual([]);
  });
});
