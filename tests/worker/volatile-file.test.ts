import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeVolatile } from '../../src/worker/volatile-file.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('writes a file that nobody else may read, and nothing beside it', async () => {
  const folder = await temporaryFolder();
  await writeVolatile(join(folder, 'fence'), '7');
  expect(await readFile(join(folder, 'fence'), 'utf8')).toBe('7');
  expect((await stat(join(folder, 'fence'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['fence']);
});

test('a reader sees one text or the other, never a part', async () => {
  const path = join(await temporaryFolder(), 'fence');
  const texts = ['a', 'b'].map((letter) => letter.repeat(200_000));
  await writeVolatile(path, texts[0] ?? '');
  let writing = true;
  const writer = (async () => {
    for (let round = 0; round < 50; round++) await writeVolatile(path, texts[round % 2] ?? '');
    writing = false;
  })();
  while (writing) expect(texts).toContain(await readFile(path, 'utf8'));
  await writer;
});

test('writers that come at once do not disturb each other', async () => {
  const folder = await temporaryFolder();
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(5000));
  await Promise.all(texts.map((text) => writeVolatile(join(folder, 'fence'), text)));
  expect(texts).toContain(await readFile(join(folder, 'fence'), 'utf8'));
  expect(await readdir(folder)).toEqual(['fence']);
});

test('makes the folder that is missing, closed to others', async () => {
  const folder = join(await temporaryFolder(), 'platforms', 'mini');
  await writeVolatile(join(folder, 'fence'), '7');
  expect(await readdir(folder)).toEqual(['fence']);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('leaves what is there when the new text cannot take its place', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'taken'));
  await writeFile(join(folder, 'taken', 'file'), 'kept');
  await expect(writeVolatile(join(folder, 'taken'), '8')).rejects.toThrow();
  expect(await readFile(join(folder, 'taken', 'file'), 'utf8')).toBe('kept');
  expect(await readdir(folder)).toEqual(['taken']);
});
