import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandTable } from '../../src/client/command-table.ts';
import { type Outcome, runInProcess } from './support/in-process.ts';
import { parseShellLine } from './support/shell-line.ts';

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

/** The environment of somebody in a folder of their own, with no server anywhere. */
const surroundings = () => {
  const { PATH = '', ...rest } = process.env;
  return {
    ...rest,
    HOME: home,
    PATH: [join(root, 'bin'), join(root, '.tools/bin'), PATH].join(delimiter),
    RUNBOOK_STATE_DIR: join(home, 'state'),
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    NODE_COMPILE_CACHE: join(home, 'cache'),
  };
};

const shell = (line: string, input?: string) =>
  execa('bash', ['--norc', '-o', 'pipefail', '-c', line], {
    cwd: home,
    env: surroundings(),
    extendEnv: false,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });

/** A line as somebody would paste it: the command in this process, what its output goes to in a shell. */
async function carriedOut(line: string): Promise<Outcome> {
  const { words, rest } = parseShellLine(line);
  expect(words[0]).toBe('runbook');
  const outcome = await runInProcess(words.slice(1), { cwd: home, env: surroundings() });
  if (rest === '' || ![0, 4].includes(outcome.code)) return outcome;
  const { exitCode = -1, stderr } = await shell(`cat ${rest}`, outcome.stdout);
  return exitCode === 0 ? outcome : { ...outcome, code: exitCode, stderr };
}

/** What a whole process does that a call does not: start by the launcher, in a pipe and into a file. */
async function pasted(line: string): Promise<Outcome> {
  const { exitCode = -1, stdout, stderr } = await shell(line);
  return { code: exitCode, stdout: `${stdout}`, stderr: `${stderr}` };
}

async function examplesOf(words: string): Promise<readonly string[]> {
  const asked = [...words.split(' '), '--help'];
  const { stdout } = await runInProcess(asked, { cwd: home, env: surroundings() });
  const [, examples = ''] = stdout.split(/^Examples?:$/m);
  return [...examples.matchAll(/^ {2}(runbook .+)$/gm)].map(([, line = '']) => line);
}

/** It starts a server and a worker: the feature tests and `script/demo` do that. */
const startsProcesses = new Set(['up']);

/** One of each way in which an answer leaves the process; `process.test.ts` starts every command. */
const inProcesses = new Set(['list', 'completion', 'history']);

const below = ['env reference', 'locks release'];
const ofSecrets = ['list', 'show', 'history', 'verify'].map((name) => `secrets ${name}`);
const commands = [...commandTable.map(({ name }) => name), ...below, ...ofSecrets];

test.each(commands.filter((name) => !startsProcesses.has(name)))(
  'every example of %s does what it says, or finds no server',
  async (name) => {
    const examples = await examplesOf(name);
    expect(examples.length).toBeGreaterThan(0);
    const run = inProcesses.has(name) ? pasted : carriedOut;
    for (const line of examples) {
      const { code, stderr } = await run(line);
      // 4: what was looked at is not as it should be, which is an answer.
      expect([0, 4, 9], `${line} exits ${code}: ${stderr}`).toContain(code);
    }
  },
  60_000,
);
