import { lstat, readdir, readFile, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openSecretStore } from '../../../src/activities/secrets/store.ts';
import { storeWithRoot } from './store-folder.ts';

const next = { length: 32, login: 'app_b' };

test('a pending version has its value and its login, and the current one stays', async () => {
  const { store, at } = await storeWithRoot();
  const current = await store.readCurrent('root');
  expect(await store.mintPending('root', next)).toEqual({
    name: 'root',
    version: 'v2',
    created: true,
  });
  expect(await store.read('root', 'v2')).toEqual({
    version: 'v2',
    value: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    login: 'app_b',
  });
  expect(await store.labels('root')).toEqual({ current: 'v1', pending: 'v2' });
  expect(await store.readCurrent('root')).toEqual(current);
  for (const file of ['v2', 'v2.login']) expect((await lstat(at(file))).mode & 0o777).toBe(0o600);
});

test('one that is pending wins, with its login', async () => {
  const { store } = await storeWithRoot();
  await store.mintPending('root', next);
  const first = await store.read('root', 'v2');
  const again = await store.mintPending('root', { length: 16, login: 'other' });
  expect(again).toEqual({ name: 'root', version: 'v2', created: false });
  expect(await store.read('root', 'v2')).toEqual(first);
});

test('many who mint a pending version at once agree on one value and one login', async () => {
  const { store, directory, at } = await storeWithRoot();
  const minted = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      openSecretStore(directory).mintPending('root', { length: 32, login: `app_${index}` }),
    ),
  );
  expect(new Set(minted.map(({ version }) => version))).toEqual(new Set(['v2']));
  expect(minted.filter(({ created }) => created)).toHaveLength(1);
  expect((await store.read('root', 'v2'))?.login).toMatch(/^app_\d+$/);
  expect((await readdir(at('.'))).sort()).toEqual(['current', 'pending', 'v1', 'v2', 'v2.login']);
});

test.each(['', ' app', 'app\n', 'a\u0000b', 'x'.repeat(257)])(
  'refuses the login %j, which no delivered file can hold',
  async (login) => {
    const { store, at } = await storeWithRoot();
    await expect(store.mintPending('root', { length: 32, login })).rejects.toMatchObject({
      code: 'RB_SECRET_LOGIN',
    });
    expect((await readdir(at('.'))).sort()).toEqual(['current', 'v1']);
  },
);

test('keeps a login with quotes, spaces inside and letters of any language', async () => {
  const { store } = await storeWithRoot();
  const login = `a"b'; DROP ROLE "ö" --${'x'.repeat(230)}`;
  await store.mintPending('root', { length: 32, login });
  expect((await store.read('root', 'v2'))?.login).toBe(login);
});

describe('minting goes on after a crash', () => {
  test('after the label: no value yet, so nothing is pending, and the same number is made', async () => {
    const { store, at } = await storeWithRoot();
    await symlink('v2', at('pending'));
    expect(await store.labels('root')).toEqual({ current: 'v1' });
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v2', created: true });
    expect(await store.labels('root')).toEqual({ current: 'v1', pending: 'v2' });
  });

  test('after the login: that login stays', async () => {
    const { store, at } = await storeWithRoot();
    await symlink('v2', at('pending'));
    await writeFile(at('v2.login'), 'first');
    await store.mintPending('root', next);
    expect((await store.read('root', 'v2'))?.login).toBe('first');
  });

  test('after the value: that value stays', async () => {
    const { store, at } = await storeWithRoot();
    await symlink('v2', at('pending'));
    await writeFile(at('v2'), 'value-that-was-made');
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v2', created: false });
    expect((await store.read('root', 'v2'))?.value).toBe('value-that-was-made');
  });
});

describe('promotion goes on after a crash', () => {
  test.each([
    ['before anything', async () => {}],
    ['after previous', (at: (file: string) => string) => symlink('v1', at('previous'))],
    [
      'after current',
      async (at: (file: string) => string) => {
        await symlink('v1', at('previous'));
        await unlink(at('current'));
        await symlink('v2', at('current'));
      },
    ],
  ])('%s', async (_, crashed) => {
    const { store, at } = await storeWithRoot();
    await store.mintPending('root', next);
    await crashed(at);
    await store.promote('root', 'v2');
    await store.promote('root', 'v2');
    expect(await store.labels('root')).toEqual({ current: 'v2', previous: 'v1' });
    expect((await store.readCurrent('root'))?.login).toBe('app_b');
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v3' });
  });

  test('a label that is left on the version in force is not pending', async () => {
    const { store, at } = await storeWithRoot();
    await store.mintPending('root', next);
    await store.promote('root', 'v2');
    await symlink('v2', at('pending'));
    expect(await store.labels('root')).toEqual({ current: 'v2', previous: 'v1' });
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v3', created: true });
  });
});

test('promotes only what exists', async () => {
  const { store } = await storeWithRoot();
  await expect(store.promote('root', 'v2')).rejects.toMatchObject({ code: 'RB_SECRET_UNKNOWN' });
  expect(await store.labels('root')).toEqual({ current: 'v1' });
});

test('a version that is taken back leaves no file, and its number is not used again', async () => {
  const { store, at } = await storeWithRoot();
  await store.mintPending('root', next);
  await writeFile(at('v2.tmp-0123456789ab'), 'left by a killed writer');
  await store.discard('root', 'v2');
  await store.discard('root', 'v2');
  expect((await readdir(at('.'))).sort()).toEqual(['current', 'discarded', 'journal.jsonl', 'v1']);
  expect(await store.read('root', 'v2')).toBeUndefined();
  expect(await store.mintPending('root', next)).toMatchObject({ version: 'v3' });
  await store.discard('root', 'v3');
  await store.discard('root', 'v2');
  expect(await store.mintPending('root', next)).toMatchObject({ version: 'v4' });
});

test('what was taken back is known by its fingerprint', async () => {
  const { store } = await storeWithRoot();
  await store.mintPending('root', next);
  const value = (await store.read('root', 'v2'))?.value ?? '';
  await store.discard('root', 'v2');
  expect(await store.versionOf('root', value)).toBe('v2');
  expect(await store.versionOf('root', 'never')).toBeUndefined();
});

describe('taking back goes on after a crash, and nothing is pending meanwhile', () => {
  test.each([
    ['the mark', [] as string[]],
    ['the value', ['v2']],
    ['the login', ['v2', 'v2.login']],
    ['the label', ['v2', 'v2.login', 'pending']],
  ])('after %s', async (_, gone) => {
    const { store, at } = await storeWithRoot();
    await store.mintPending('root', next);
    await symlink('v2', at('discarded'));
    for (const file of gone) await rm(at(file));
    expect(await store.labels('root')).toEqual({ current: 'v1' });
    await store.discard('root', 'v2');
    expect((await readdir(at('.'))).filter((file) => /^(v2|pending)/.test(file))).toEqual([]);
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v3', created: true });
  });

  test('the next value is made also when nobody went on', async () => {
    const { store, at } = await storeWithRoot();
    await store.mintPending('root', next);
    await symlink('v2', at('discarded'));
    expect(await store.mintPending('root', next)).toMatchObject({ version: 'v3', created: true });
    await store.discard('root', 'v2');
    expect(await store.labels('root')).toEqual({ current: 'v1', pending: 'v3' });
  });
});

test.each(['v1', 'v2'])('does not take back %s, which is or was in force', async (version) => {
  const { store } = await storeWithRoot();
  await store.mintPending('root', next);
  await store.promote('root', 'v2');
  await expect(store.discard('root', version)).rejects.toMatchObject({
    code: 'RB_SECRET_IN_FORCE',
  });
  expect(await store.versions('root')).toHaveLength(2);
});

test('a number is not used again when labels went back and values were forgotten', async () => {
  const { store } = await storeWithRoot();
  for (const version of ['v2', 'v3']) {
    await store.mintPending('root', next);
    await store.promote('root', version);
  }
  await store.promote('root', 'v2');
  await store.promote('root', 'v1');
  await store.forget('root');
  expect((await store.versions('root')).map(({ version }) => version)).toEqual(['v1', 'v2']);
  expect(await store.mintPending('root', next)).toMatchObject({ version: 'v4' });
});

test('forgets the values that no label names, and still knows them when it sees them', async () => {
  const { store, at } = await storeWithRoot();
  const first = (await store.readCurrent('root'))?.value ?? '';
  for (const version of ['v2', 'v3']) {
    await store.mintPending('root', next);
    await store.promote('root', version);
  }
  await store.mintPending('root', next);
  const before = await store.versions('root');
  expect(before.map(({ version, label }) => [version, label])).toEqual([
    ['v1', undefined],
    ['v2', 'previous'],
    ['v3', 'current'],
    ['v4', 'pending'],
  ]);
  await store.forget('root');
  await store.forget('root');
  expect(await store.versions('root')).toEqual(before.slice(1));
  expect(await readdir(at('.'))).not.toContain('v1');
  expect(await store.allValues()).toHaveLength(3);
  expect(await store.versionOf('root', first)).toBe('v1');
  expect(await store.journal('root')).toMatchObject([
    { version: 'v1', event: 'retired', facts: { fingerprint: before[0]?.fingerprint } },
  ]);
});

test('tells of versions without their values', async () => {
  const { store, at } = await storeWithRoot();
  await store.mintPending('root', next);
  await utimes(at('v1'), 0, 1_700_000_000);
  const versions = await store.versions('root');
  expect(versions[0]).toEqual({
    version: 'v1',
    label: 'current',
    mintedAt: '2023-11-14T22:13:20.000Z',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(versions[1]).toMatchObject({ version: 'v2', label: 'pending', login: 'app_b' });
  const text = JSON.stringify(versions);
  for (const value of await store.allValues()) expect(text).not.toContain(value);
});

test('every value that is on disk is known for redaction: pending, previous, half taken back', async () => {
  const { store, at } = await storeWithRoot();
  await store.mintPending('root', next);
  await store.promote('root', 'v2');
  await store.mintPending('root', next);
  await symlink('v3', at('discarded'));
  await unlink(at('pending'));
  const onDisk = await Promise.all(['v1', 'v2', 'v3'].map((file) => readFile(at(file), 'utf8')));
  expect(await store.allValues()).toEqual(onDisk);
});

test.each(['../v1', 'v0', 'current', 'v1.login', ''])(
  'does not read %j as a version',
  async (version) => {
    const { store } = await storeWithRoot();
    expect(await store.read('root', version)).toBeUndefined();
    await store.discard('root', version);
    expect(await store.labels('root')).toEqual({ current: 'v1' });
  },
);
