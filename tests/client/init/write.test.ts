import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeSecretsFolder,
  requireWritable,
  writePlatformFile,
} from '../../../src/client/init/write.ts';
import { seenByGit } from '../../support/seen-by-git.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-write-'));
  file = join(folder, 'platform.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that is there is kept, also one that came meanwhile', async () => {
  await requireWritable(file, folder, false);
  await writeFile(file, 'theirs');
  await expect(requireWritable(file, folder, false)).rejects.toMatchObject({
    code: 'RB_INIT_EXISTS',
  });
  await expect(writePlatformFile(file, 'ours', { force: false })).rejects.toMatchObject({
    code: 'RB_INIT_EXISTS',
  });
  expect(await readFile(file, 'utf8')).toBe('theirs');
  expect(await readdir(folder)).toEqual(['platform.yaml']);
});

test('one that is replaced is kept beside the new one, and so are those before it', async () => {
  expect(await writePlatformFile(file, 'first', { force: true })).toEqual({});
  for (const text of ['second', 'third']) await writePlatformFile(file, text, { force: true });
  const texts = await Promise.all(
    ['', '.previous', '.previous-2'].map((end) => readFile(`${file}${end}`, 'utf8')),
  );
  expect(texts).toEqual(['third', 'first', 'second']);
  expect(await readdir(folder)).toHaveLength(3);
});

test('a folder that takes no file is said to', async () => {
  // Nobody may make files there, not even root.
  await expect(
    writePlatformFile('/proc/platform.yaml', 'x', { force: false }),
  ).rejects.toMatchObject({ code: 'RB_FILE_UNWRITABLE' });
  await expect(requireWritable('/no/such/platform.yaml', '/no/such', false)).rejects.toMatchObject({
    code: 'RB_FILE_UNWRITABLE',
  });
});

test('the folder of secrets is made so that git sees nothing in it', async () => {
  await makeSecretsFolder(folder);
  await makeSecretsFolder(folder);
  const secrets = join(folder, '.secrets');
  expect((await lstat(secrets)).mode & 0o777).toBe(0o711);
  await writeFile(join(secrets, 'a'), '');
  expect(await seenByGit(folder)).toEqual([]);
});

test('a folder of that name which is there stays as it is', async () => {
  await mkdir(join(folder, '.secrets'));
  await makeSecretsFolder(folder);
  expect(await readdir(join(folder, '.secrets'))).toEqual([]);
});
