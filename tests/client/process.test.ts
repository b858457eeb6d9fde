import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandTable } from '../../src/client/command-table.ts';
import { runProgram } from '../../src/client/program.ts';
import { Recorder } from './support/recorder.ts';

const main = join(import.meta.dirname, '../../src/client/main.ts');
const nowhere = '127.0.0.1:1';
let state = '';
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'rbtest-cli-'));
});
afterAll(() => rm(state, { recursive: true, force: true }));

/** The command line tool as a process, with standard input closed. */
function runbook(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      RUNBOOK_STATE_DIR: state,
      TEMPORAL_ADDRESS: nowhere,
      // As the launcher does: most of a start is compiling.
      NODE_COMPILE_CACHE: join(state, 'cache'),
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Every command with what it needs, and the code it ends with where there is no server. */
const ends: Readonly<Record<string, readonly [args: readonly string[], code: number]>> = {
  start: [['deploy', '--yes'], 9],
  list: [[], 0],
  show: [['deploy'], 0],
  validate: [[], 0],
  status: [[], 9],
  watch: [[], 9],
  logs: [['some-run'], 9],
  history: [[], 9],
  report: [['some-run'], 9],
  decide: [['some-run', '--retry', '--why', 'x'], 9],
  approve: [['some-run', '--why', 'x'], 9],
  reject: [['some-run', '--why', 'x'], 9],
  stop: [['some-run', '--why', 'x'], 9],
  retry: [['some-run', '--yes'], 9],
  sweep: [[], 9],
  hold: [['some-run', '--why', 'x'], 9],
  release: [['some-run', '--why', 'x'], 9],
  locks: [[], 9],
  schedule: [['list'], 9],
  coverage: [[], 0],
  secrets: [['list'], 9],
  init: [['/no/such/folder'], 2],
  up: [['--port', '0'], 2],
  down: [[], 0],
  worker: [[], 9],
  codec: [[], 9],
  doctor: [[], 4],
  env: [['/no/such/file.yaml'], 2],
  config: [[], 0],
  schema: [['list'], 0],
  completion: [['bash'], 0],
  version: [[], 0],
};

test('the table of this test names every command', () => {
  expect(Object.keys(ends)).toEqual(commandTable.map(({ name }) => name));
});

test.each(Object.entries(ends))(
  '%s ends with stdin closed, without an escape byte, and its error says why and fix',
  async (name, [args, code]) => {
    const result = await runbook([name, ...args], { NO_COLOR: '1' });
    expect(result).toMatchObject({ code });
    expect(result.stdout + result.stderr).not.toContain('\u001b');
    if (code === 9)
      expect(result.stderr).toMatch(/^error RB_\w+: [\s\S]+\n {2}why {3}[\s\S]+\n {2}fix {3}/);
  },
  60_000,
);

test.each(commandTable.map(({ name }) => name))(
  'the help of %s ends with an example',
  async (name) => {
    const stdout = new Recorder(false);
    const code = await runProgram([name, '--help'], {
      stdin: process.stdin,
      stdout,
      stderr: new Recorder(false),
      env: {},
      cwd: () => state,
      on: () => {},
    });
    expect(code).toBe(0);
    expect(stdout.text).toMatch(new RegExp(`Examples?:\\n {2}runbook ${name}\\b`));
  },
);

test('the help of the tool names every command and exit code, and loads neither Temporal nor zod', async () => {
  const { code, stdout, stderr } = await runbook(['--help'], { NODE_DEBUG: 'esm,module' });
  expect(code).toBe(0);
  for (const { name } of commandTable) expect(stdout).toContain(`  ${name} `);
  expect(stdout).toContain('130  detached by Ctrl-C');
  expect(stderr).not.toMatch(/node_modules\/(@temporalio|zod)\//);
}, 60_000);

test('a usage error exits 2 in the shape of every error, as JSON too', async () => {
  expect(await runbook(['strt'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('did you mean "start"?'),
  });
  const { code, stdout, stderr } = await runbook(['-o', 'json', 'report']);
  expect([code, stdout]).toEqual([2, '']);
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'RB_USAGE', what: expect.any(String) });
  // The innermost command is meant, not another one of that name.
  const { stderr: words } = await runbook(['locks', 'release', 'lab', '--confirm', 'lab']);
  expect(words).toContain('runbook locks release --help');
}, 60_000);

test('an answer as JSON is alone on stdout', async () => {
  const { stdout } = await runbook(['list', '-o', 'json']);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'deploy' }));
}, 60_000);
