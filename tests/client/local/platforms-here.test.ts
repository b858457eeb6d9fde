import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requirePlatforms } from '../../../src/client/local/platforms-here.ts';
import { recordSession } from '../support/recorder.ts';

let folder = '';
const place = (name: string) => join(folder, name, 'platform.yaml');
const fileOf = (name: string) =>
  `schema: runbook.platform/v1\nname: ${name}\ncompose: { project: ${name} }\nservices:\n  web: { kind: container }\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-here-'));
  const texts = {
    lab: fileOf('lab'),
    ...{ shop: fileOf('shop').replace('kind: container', 'kind: continer') },
    ...{ twin: fileOf('twin'), other: fileOf('twin') },
  };
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(join(folder, name));
    await writeFile(place(name), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** What is said where a worker is configured with these. */
async function configured(...names: string[]) {
  const { session, stderr } = recordSession({
    env: { RUNBOOK_PLATFORMS: names.map(place).join(':') },
  });
  await requirePlatforms([], session);
  return stderr.text.replaceAll(/\s+/g, ' ');
}

test('a configured file that is wrong is told with its place, and the others are served', async () => {
  const words = await configured('lab', 'shop');
  expect(words).toContain(`warning RB_FILE_INVALID: ${place('shop')} has a problem`);
  expect(words).toMatch(/shop\/platform\.yaml:5:16 services\.web\.kind: .*"container"/);
  expect(words).toContain('runs that need it are refused; those of lab are not');
  expect(words).toContain(`runbook validate ${place('shop')}`);
  expect(await configured('lab')).toBe('');
});

test('so is one that is not there, and two of one name', async () => {
  expect(await configured('lab', 'gone')).toMatch(/RB_FILE_UNREADABLE: cannot read .*gone/);
  const words = await configured('lab', 'twin', 'other');
  expect(words.match(/RB_PLATFORM_TWICE/g)).toHaveLength(2);
});

test('it is refused where no other is left, with all that is wrong', async () => {
  await expect(configured('shop')).rejects.toMatchObject({ code: 'RB_FILE_INVALID' });
  await expect(configured('shop', 'gone')).rejects.toMatchObject({
    message: '2 platform files are wrong',
    why: expect.stringMatching(/platform\.yaml:5:16[\s\S]+gone/),
  });
});

test('it is refused where the command itself names the file', async () => {
  const { session } = recordSession();
  await expect(requirePlatforms([place('lab'), place('shop')], session)).rejects.toMatchObject({
    code: 'RB_FILE_INVALID',
  });
});
