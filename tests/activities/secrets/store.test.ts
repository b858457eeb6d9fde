import {
  lstat,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSecretStore } from '../../../src/activities/secrets/store.ts';
import { randomSecret } from '../../../src/activities/secrets/store-versions.ts';

let directory: string;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runbook-store-'));
  directory = join(root, 'store');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const mode = async (path: string) => (await lstat(path)).mode & 0o7777;

test('mints a value of the wanted length that later mints keep', async () => {
  const store = openSecretStore(directory);
  expect(await store.mint('root', 40)).toEqual({ name: 'root', version: 'v1', created: true });
  const first = await store.readCurrent('root');
  expect(first?.value).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(await store.mint('root', 16)).toEqual({ name: 'root', version: 'v1', created: false });
  expect(await store.readCurrent('root')).toEqual(first);
});

test('knows nothing before the first value and writes nothing to find out', async () => {
  const store = openSecretStore(directory);
  expect(await store.readCurrent('root')).toBeUndefined();
  expect(await store.allValues()).toEqual([]);
  expect(await readdir(root)).toEqual([]);
});

test('many minters at once agree on one value', async () => {
  const minted = await Promise.all(
    Array.from({ length: 20 }, () => openSecretStore(directory).mint('root', 32)),
  );
  expect(minted.filter(({ created }) => created)).toHaveLength(1);
  expect((await readdir(join(directory, 'root'))).sort()).toEqual(['current', 'v1']);
});

test('keeps files and folders to their owner', async () => {
  await openSecretStore(directory).mint('root', 32);
  expect(await mode(directory)).toBe(0o700);
  expect(await mode(join(directory, 'root'))).toBe(0o700);
  expect(await mode(join(directory, 'root', 'v1'))).toBe(0o600);
});

test('goes on after a crash between value and label with the same value', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  const value = (await store.readCurrent('root'))?.value;
  await unlink(join(directory, 'root', 'current'));
  expect(await store.mint('root', 32)).toMatchObject({ version: 'v1', created: false });
  expect((await store.readCurrent('root'))?.value).toBe(value);
});

test('says that the value of the current version is gone, instead of making another', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  await unlink(join(directory, 'root', 'v1'));
  await expect(store.readCurrent('root')).rejects.toMatchObject({ code: 'RB_STORE_DAMAGED' });
});

test('refuses to guess which of several versions is current', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  await store.mintPending('root', { length: 32 });
  await unlink(join(directory, 'root', 'current'));
  await expect(store.mint('root', 32)).rejects.toMatchObject({ code: 'RB_STORE_DAMAGED' });
});

test('adopts a value in use, once', async () => {
  const store = openSecretStore(directory);
  expect(await store.adopt('env.PASSWORD', 'first')).toMatchObject({ created: true });
  expect(await store.adopt('env.PASSWORD', 'second')).toMatchObject({ created: false });
  expect((await store.readCurrent('env.PASSWORD'))?.value).toBe('first');
});

test('a pending version becomes current, and the one before it previous', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  const old = await store.readCurrent('root');
  expect(await store.mintPending('root', { length: 32 })).toEqual({
    name: 'root',
    version: 'v2',
    created: true,
  });
  expect(await store.mintPending('root', { length: 32 })).toEqual({
    name: 'root',
    version: 'v2',
    created: false,
  });
  expect(await store.readCurrent('root')).toEqual(old);
  await store.promote('root', 'v2');
  await store.promote('root', 'v2');
  expect((await store.readCurrent('root'))?.version).toBe('v2');
  expect(await readlink(join(directory, 'root', 'previous'))).toBe('v1');
  expect((await readdir(join(directory, 'root'))).sort()).toEqual([
    'current',
    'previous',
    'v1',
    'v2',
  ]);
});

test('says which version holds a value, and has every value for redaction', async () => {
  const store = openSecretStore(directory);
  await store.adopt('root', 'first-value');
  await store.mintPending('root', { length: 32 });
  await store.promote('root', 'v2');
  expect(await store.versionOf('root', 'first-value')).toBe('v1');
  expect(await store.versionOf('root', 'never')).toBeUndefined();
  expect(await store.allValues()).toHaveLength(2);
});

test('remembers that a value was there once', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  await rm(join(directory, 'root'), { recursive: true });
  expect([...(await store.everMinted())]).toEqual(['root']);
  expect(await store.readCurrent('root')).toBeUndefined();
});

test('fingerprints tell values apart and differ between stores', async () => {
  const store = openSecretStore(directory);
  const print = await store.fingerprint('value');
  expect(print).toMatch(/^[0-9a-f]{16}$/);
  expect(await openSecretStore(directory).fingerprint('value')).toBe(print);
  expect(await store.fingerprint('other')).not.toBe(print);
  expect(await openSecretStore(join(root, 'second')).fingerprint('value')).not.toBe(print);
  expect(await mode(join(directory, '.fingerprint-key'))).toBe(0o600);
});

test.each(['../x', '/etc/passwd', 'A', '', '.', '..', 'a/b', 'env.', 'env.A-B', 'a'.repeat(64)])(
  'refuses the name %j before it becomes a path',
  async (name) => {
    const store = openSecretStore(directory);
    await expect(store.mint(name, 32)).rejects.toMatchObject({ code: 'RB_SECRET_NAME' });
    await expect(store.readCurrent(name)).rejects.toMatchObject({ code: 'RB_SECRET_NAME' });
    expect(await readdir(root)).toEqual([]);
  },
);

test('does not follow a label that leads elsewhere', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 32);
  await writeFile(join(root, 'elsewhere'), 'x');
  await unlink(join(directory, 'root', 'current'));
  await symlink('../../elsewhere', join(directory, 'root', 'current'));
  expect(await store.readCurrent('root')).toBeUndefined();
});

test('a value has no end of line', async () => {
  const store = openSecretStore(directory);
  await store.mint('root', 16);
  expect(await readFile(join(directory, 'root', 'v1'), 'utf8')).toHaveLength(16);
});

test('uses the whole alphabet evenly', () => {
  const counts = new Map<string, number>();
  for (const letter of randomSecret(62_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  for (const count of counts.values()) {
    expect(count).toBeGreaterThan(800);
    expect(count).toBeLessThan(1200);
  }
});
