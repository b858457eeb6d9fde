import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createFileExclusive,
  ensureDirectory,
  readTextIfExists,
  writeFileAtomic,
} from '../../src/activities/files.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runbook-files-'));
  path = join(directory, 'file');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('writes content and mode past the umask, and leaves nothing else behind', async () => {
  await writeFileAtomic(path, 'a', { mode: 0o666 });
  await writeFileAtomic(path, 'b', { mode: 0o640 });
  expect(await readFile(path, 'utf8')).toBe('b');
  expect((await lstat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(directory)).toEqual(['file']);
});

test('replaces a link and leaves its target alone', async () => {
  await writeFile(join(directory, 'target'), 'old');
  await symlink('target', path);
  await writeFileAtomic(path, 'new', { mode: 0o600 });
  expect(await readFile(join(directory, 'target'), 'utf8')).toBe('old');
  expect((await lstat(path)).isFile()).toBe(true);
});

test('leaves nothing behind when it fails', async () => {
  await mkdir(path);
  await expect(writeFileAtomic(path, 'a', { mode: 0o600 })).rejects.toThrow();
  expect(await readdir(directory)).toEqual(['file']);
});

test('of two exclusive writers the first one wins', async () => {
  expect(await createFileExclusive(path, 'first', { mode: 0o600 })).toBe(true);
  expect(await createFileExclusive(path, 'second', { mode: 0o600 })).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('first');
  expect(await readdir(directory)).toEqual(['file']);
});

test('removes what a killed writer left, and not what one is writing', async () => {
  await writeFile(`${path}.tmp-old`, 'x');
  await writeFile(`${path}.tmp-new`, 'x');
  const beforeMs = Date.now() - 11 * 60_000;
  await utimes(`${path}.tmp-old`, beforeMs / 1000, beforeMs / 1000);
  await writeFileAtomic(path, 'a', { mode: 0o600 });
  expect((await readdir(directory)).sort()).toEqual(['file', 'file.tmp-new']);
});

test('makes folders of exactly the mode, and corrects one that is there', async () => {
  await ensureDirectory(join(path, 'deep'), 0o711);
  expect((await lstat(join(path, 'deep'))).mode & 0o777).toBe(0o711);
  await chmod(path, 0o777);
  await ensureDirectory(path, 0o700);
  expect((await lstat(path)).mode & 0o777).toBe(0o700);
});

test('refuses a link in the place of a folder', async () => {
  await symlink(tmpdir(), path);
  await expect(ensureDirectory(path, 0o700)).rejects.toMatchObject({ code: 'RB_NOT_A_DIRECTORY' });
});

test('gives nothing for a file that is not there', async () => {
  expect(await readTextIfExists(path)).toBeUndefined();
  expect(await readTextIfExists(join(path, 'below'))).toBeUndefined();
});
