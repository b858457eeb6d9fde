import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/runbook.cjs');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-launcher-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The launcher under a Node that says it is another version. */
async function startedBy(version: string): Promise<{ exitCode?: number; stderr: string }> {
  const disguise = join(folder, `${version}.cjs`);
  const value = `{ ...process.versions, node: '${version}' }`;
  await writeFile(disguise, `Object.defineProperty(process, 'versions', { value: ${value} });`);
  return execa(process.execPath, ['--require', disguise, launcher, 'version'], {
    reject: false,
    env: { NODE_COMPILE_CACHE: join(folder, 'cache') },
  });
}

test.each(['18.20.4', '20.20.2', '22.21.1'])('says to Node %s that it is too old', async (old) => {
  const { exitCode, stderr } = await startedBy(old);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    `error RB_NODE_VERSION: runbook needs Node >= 22.22, and this is ${old}\n` +
      `  why   the first node on PATH is ${process.execPath}\n` +
      '  fix   install a newer Node, or put the folder of one first on PATH',
  );
});

test.each(['22.22.0', '24.0.0'])('does not stop Node %s', async (recent) => {
  expect((await startedBy(recent)).stderr).not.toContain('RB_NODE_VERSION');
});
