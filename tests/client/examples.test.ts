import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandTable } from '../../src/client/command-table.ts';

const root = join(import.meta.dirname, '../..');

/** A home with what the examples suppose: folders for completion scripts, and a platform below. */
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rbtest-examples-'));
  const folders = [
    '.zfunc',
    '.config/fish/completions',
    '.local/share/bash-completion/completions',
  ];
  for (const folder of folders) await mkdir(join(home, folder), { recursive: true });
  await symlink(join(root, 'compose'), join(home, 'compose'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** A line as somebody would paste it, in a folder of its own, with no server anywhere. */
async function pasted(line: string) {
  const { PATH = '', ...rest } = process.env;
  const child = spawn('bash', ['--norc', '-o', 'pipefail', '-c', line], {
    cwd: home,
    env: {
      ...rest,
      HOME: home,
      PATH: [join(root, 'bin'), join(root, '.tools/bin'), PATH].join(delimiter),
      RUNBOOK_STATE_DIR: join(home, 'state'),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      NODE_COMPILE_CACHE: join(home, 'cache'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode ?? -1, stderr };
}

async function examplesOf(words: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(root, 'src/client/main.ts'), ...words.split(' ')], {
    env: { ...process.env, COLUMNS: '200' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let help = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (help += text));
  await once(child, 'close');
  const [, examples = ''] = help.split(/^Examples?:$/m);
  return [...examples.matchAll(/^ {2}(runbook .+)$/gm)].map(([, line = '']) => line);
}

/** It starts a server and a worker: the feature tests and `script/demo` do that. */
const startsProcesses = new Set(['up']);

const commands = [...commandTable.map(({ name }) => name), 'env reference'];

test.each(commands.filter((name) => !startsProcesses.has(name)))(
  'every example of %s does what it says, or finds no server',
  async (name) => {
    const examples = await examplesOf(`${name} --help`);
    expect(examples.length).toBeGreaterThan(0);
    for (const line of examples) {
      const { code, stderr } = await pasted(line);
      // 4: what was looked at is not as it should be, which is an answer.
      expect([0, 4, 9], `${line} exits ${code}: ${stderr}`).toContain(code);
    }
  },
  60_000,
);
