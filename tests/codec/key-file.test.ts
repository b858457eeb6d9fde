import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { addKey, makeKeysOnce, readKeys } from '../../src/codec/key-file.ts';
import { limits } from '../../src/shared/limits.ts';
import { temporaryFolder } from '../worker/support/temporary-folder.ts';

const module = join(import.meta.dirname, '../../src/codec/key-file.ts');

const keyFile = async () => join(await temporaryFolder(), 'codec-keys');

/** Calls one function of the module in so many processes at once; what each printed. */
async function inProcesses(count: number, call: string, path: string): Promise<string[]> {
  const code = `const file = await import(${JSON.stringify(module)});
    const made = await file.${call}(${JSON.stringify(path)});
    console.log((Array.isArray(made) ? made.at(-1) : made).id);`;
  const processes = Array.from({ length: count }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]),
  );
  return (await Promise.all(processes)).map(({ stdout }) => stdout.trim());
}

test('the first use makes a file with one key that only its owner reads', async () => {
  const path = await keyFile();
  expect(await readKeys(path)).toBeUndefined();
  const [key, ...others] = await makeKeysOnce(path);
  expect(key.bytes).toHaveLength(32);
  expect(others).toEqual([]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await makeKeysOnce(path)).toEqual([key]);
});

test('of several processes that make it at once all get the same key', async () => {
  const ids = await inProcesses(5, 'makeKeysOnce', await keyFile());
  expect(ids).toHaveLength(5);
  expect(new Set(ids).size).toBe(1);
}, 60_000);

test('several rotations at once lose no key', async () => {
  const path = await keyFile();
  const [first] = await makeKeysOnce(path);
  const added = await inProcesses(5, 'addKey', path);
  const ids = (await readKeys(path))?.map(({ id }) => id) ?? [];
  expect(ids[0]).toBe(first.id);
  expect(ids.slice(1).sort()).toEqual(added.sort());
}, 60_000);

test('a rotation adds a key at the end and keeps the others as they are', async () => {
  const path = await keyFile();
  const before = await makeKeysOnce(path);
  const added = await addKey(path);
  expect(await readKeys(path)).toEqual([...before, added]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a rotation where there is no file yet makes it', async () => {
  const path = await keyFile();
  const { id } = await addKey(path);
  expect((await readKeys(path))?.map((key) => key.id)).toEqual([id]);
});

describe('is refused, with a reason and a fix,', () => {
  test.each([0o640, 0o604, 0o660, 0o644, 0o610])('with the mode %o', async (mode) => {
    const path = await keyFile();
    await makeKeysOnce(path);
    await chmod(path, mode);
    const refusal = { code: 'RB_CODEC_KEY_FILE', fix: `chmod 600 ${path}` };
    await expect(readKeys(path)).rejects.toMatchObject(refusal);
    await expect(readKeys(path)).rejects.toThrow(
      `can be read by others (mode 0${mode.toString(8)})`,
    );
    await expect(addKey(path)).rejects.toMatchObject(refusal);
  });

  test('when a line is damaged, which is named', async () => {
    const path = await keyFile();
    await addKey(path);
    const text = await readFile(path, 'utf8');
    const line = text.split('\n').findIndex((one) => one !== '' && !one.startsWith('#')) + 1;
    await writeFile(
      path,
      text.replace(/.=\n/, (end) => (end.startsWith('A') ? 'E=\n' : 'A=\n')),
    );
    await expect(readKeys(path)).rejects.toThrow(`${path}:${line} is no key`);
    expect(
      await readKeys(path).catch(({ message, why, fix }) => `${message}${why}${fix}`),
    ).not.toContain(text.split(' ').at(-1)?.slice(0, 12));
  });

  test.each([
    ['it holds no key', async (path: string) => writeFile(path, '# nothing\n', { mode: 0o600 })],
    [
      'it ends in the middle of a line',
      async (path: string) => {
        await makeKeysOnce(path);
        await appendFile(path, '0123456789ab 2026');
      },
    ],
    ['it is a folder', async (path: string) => mkdir(path, { mode: 0o700 })],
    [
      'it is too large',
      async (path: string) => {
        await writeFile(path, '#'.repeat(limits.codecKeyFileBytes + 1), { mode: 0o600 });
      },
    ],
  ])('when %s', async (_what, spoil) => {
    const path = await keyFile();
    await spoil(path);
    await expect(readKeys(path)).rejects.toMatchObject({ code: 'RB_CODEC_KEY_FILE' });
    await expect(makeKeysOnce(path)).rejects.toMatchObject({ code: 'RB_CODEC_KEY_FILE' });
  });

  test('when its folder is not there', async () => {
    const path = join(await temporaryFolder(), 'none', 'codec-keys');
    await expect(makeKeysOnce(path)).rejects.toMatchObject({
      code: 'RB_CODEC_KEY_FILE',
      message: expect.stringContaining(path),
    });
  });
});
