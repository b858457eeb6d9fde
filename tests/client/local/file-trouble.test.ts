import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from '../support/in-process.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-trouble-'));
});
afterAll(() => rm(folder, { recursive: true }));

const commands = (file: string): readonly (readonly string[])[] => [
  ['start', 'deploy', '--vars', file],
  ['start', '--plan-file', file],
  ['validate', file],
  ['up', '--platform', file],
  ['worker', '--platform', file],
  ['env', file],
  ['coverage', '--platform', file],
  ['schedule', 'apply', file],
  ['--config', file, 'list'],
];

test.each([
  ['is not there', (place: string) => join(place, 'gone.yaml'), 'there is no such file or folder'],
  ['is a folder', (place: string) => place, 'it is a folder, not a file'],
])('a file of the command line that %s is refused in words', async (_, fileIn, words) => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', RUNBOOK_STATE_DIR: join(folder, 'state') };
  for (const args of commands(fileIn(folder))) {
    const { code, stdout, stderr } = await runInProcess(args, { cwd: folder, env });
    const told = (stdout + stderr).replaceAll(/\s+/g, ' ');
    expect([args, code]).toEqual([args, 2]);
    expect(told).toContain(words);
    expect(told).not.toMatch(/\bE[A-Z]{4,}\b: /);
    if (args[0] !== 'validate') expect(told).toMatch(/error RB_FILE_UNREADABLE: .* fix /);
  }
});
