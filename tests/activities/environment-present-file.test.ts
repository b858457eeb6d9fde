import { chmod, lstat, readdir, rm, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { environmentFixture } from './support/environment.ts';

test('keeps a password that is in use, and gets it back when the file is lost', async () => {
  const { put, write, verdict, text, path } = await environmentFixture();
  await put('.env', 'PASSWORD=inUse4f9a1c\n');
  expect((await verdict()).change).toContain('1 secret to take from .env into the store');
  await write();
  await rm(path('.env'));
  await write();
  expect(await text('.env')).toContain('PASSWORD=inUse4f9a1c\n');
});

test('closes a file that others can read, without a previous one', async () => {
  const { write, verdict, path, platform } = await environmentFixture();
  await write();
  await chmod(path('.env'), 0o644);
  expect(await verdict()).toMatchObject({
    state: 'absent',
    change: '.env to close to other users',
  });
  await write();
  expect((await lstat(path('.env'))).mode & 0o777).toBe(0o600);
  expect(await readdir(platform.directory)).not.toContain('.env.previous');
});

test('keeps a linked file a link', async () => {
  const { write, put, path, text } = await environmentFixture();
  await put('real.env', 'PORT=81\n');
  await symlink('real.env', path('.env'));
  await write();
  expect((await lstat(path('.env'))).isSymbolicLink()).toBe(true);
  expect(await text('real.env')).toContain('PASSWORD=');
});

test('leaves a file that was edited meanwhile to the next try', async () => {
  const { put, write, text } = await environmentFixture();
  await put('.env', 'PORT=1\n');
  await expect(write(() => put('.env', 'PORT=2\n'))).rejects.toMatchObject({
    code: 'RB_ENVIRONMENT_EDITED',
    retry: 'maybe',
  });
  expect(await text('.env')).toBe('PORT=2\n');
});
