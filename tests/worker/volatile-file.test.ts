import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeVolatile } from '../../src/worker/volatile-file.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('writes a file that nobody else may read, and nothing beside it', async () => {
  const folder = await temporaryFolder();
  writeVolatile(join(folder, 'fence'), '7');
  expect(await readFile(join(folder, 'fence'), 'utf8')).toBe('7');
  expect((await stat(join(folder, 'fence'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['fence']);
});

test('a reader sees one text or the other, never a part', async () => {
  const path = join(await temporaryFolder(), 'fence');
  const texts = ['a', 'b'].map((letter) => letter.repeat(200_000));
  writeVolatile(path, texts[0] ?? '');
  let writing = true;
  const writer = (async () => {
    for (let round = 0; round < 50; round++) {
      writeVolatile(path, texts[round % 2] ?? '');
      await turn();
    }
    writing = false;
  })();
  while (writing) expect(texts).toContain(await readFile(path, 'utf8'));
  await writer;
});

test('makes the folder that is missing, closed to others', async () => {
  const folder = join(await temporaryFolder(), 'platforms', 'mini');
  writeVolatile(join(folder, 'fence'), '7');
  expect(await readdir(folder)).toEqual(['fence']);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('leaves what is there when the new text cannot take its place', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'taken'));
  await writeFile(join(folder, 'taken', 'file'), 'kept');
  expect(() => writeVolatile(join(folder, 'taken'), '8')).toThrow();
  expect(await readFile(join(folder, 'taken', 'file'), 'utf8')).toBe('kept');
  expect(await readdir(folder)).toEqual(['taken']);
});
