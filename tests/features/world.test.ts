import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prebuiltBundle } from '../support/prebuilt-bundle.ts';
import { World } from '../support/world.ts';

let folder = '';
let bundle = '';

beforeEach(async () => {
  const built = await prebuiltBundle();
  bundle = basename(built);
  folder = await mkdtemp(join(tmpdir(), 'rbtest-world-'));
  await symlink(built, join(folder, bundle));
  // Whatever the world makes, it makes here.
  vi.stubEnv('TMPDIR', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The command lines of all processes here that name the folder. */
async function processesOf(path: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(commands)).filter((command) => command.includes(path));
}

test('a world whose worker cannot start leaves nothing behind', async () => {
  // No program takes an argument with a zero byte.
  const opening = World.open({ platform: 'mini', workerScript: 'no\0script' });
  await expect(opening).rejects.toThrow('null bytes');
  expect(await readdir(folder)).toEqual([bundle]);
  expect(await processesOf(folder)).toEqual([]);
});
