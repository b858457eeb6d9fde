import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { completion, shells } from '../../../src/client/commands/completion.ts';
import { recordSession } from '../support/recorder.ts';

const root = join(import.meta.dirname, '../../..');
const script = (shell: string) => join(root, 'completions', `runbook.${shell}`);
const env = {
  ...process.env,
  PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};
const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined;

test.each(shells)('the script for %s is printed as it stands in the checkout', async (shell) => {
  const { session, stdout } = recordSession({ settings: { output: 'json' } });
  expect(await completion({ shell }, session)).toBe(0);
  expect(stdout.text).toBe(await readFile(script(shell), 'utf8'));
  expect(stdout.text).toContain('__complete');
});

test.each(shells)('%s reads its script without a complaint, where it is there', (shell) => {
  if (!isThere(shell)) return;
  const { status, stderr } = spawnSync(shell, ['-n', script(shell)], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

/** What bash would put in place of the word under the cursor; the words as readline breaks them. */
function bashReplies(line: string, words: readonly string[]): readonly string[] {
  const program = `
    compopt() { echo "compopt $*"; }
    source ${script('bash')}
    COMP_LINE=$1 COMP_CWORD=$(($# - 2)) COMP_WORDS=("\${@:2}")
    _runbook
    if (( \${#COMPREPLY[@]} )); then printf '%s\\n' "\${COMPREPLY[@]}"; fi`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', line, ...words], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
}

test.each([
  ['runbook schem', ['runbook', 'schem'], ['schema']],
  [
    'runbook start ',
    ['runbook', 'start', ''],
    ['deploy', 'migrate-secrets', 'restart', 'rotate-secrets', 'verify-platform'],
  ],
  [
    'runbook  start deploy --reason "a b" --on-failure=a',
    ['runbook', 'start', 'deploy', '--reason', '"a b"', '--on-failure', '=', 'a'],
    ['abort'],
  ],
  [
    'runbook start --on-failure=',
    ['runbook', 'start', '--on-failure', '='],
    ['park', 'undo', 'abort'],
  ],
  [
    'runbook start deploy --set re',
    ['runbook', 'start', 'deploy', '--set', 're'],
    ['compopt -o nospace', 'removeOrphans='],
  ],
  [
    'runbook start deploy --set removeOrphans=t',
    ['runbook', 'start', 'deploy', '--set', 'removeOrphans', '=', 't'],
    ['true'],
  ],
  ['runbook validate ', ['runbook', 'validate', ''], ['compopt -o default']],
  ['runbook no ', ['runbook', 'no', ''], []],
] as const)(
  'bash completes: %s',
  (line, words, replies) => {
    expect(bashReplies(line, words)).toEqual(replies);
  },
  30_000,
);

test.skipIf(!isThere('script'))(
  'in a bash that somebody types in, Tab completes commands, values and files',
  async () => {
    const child = spawn('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
      cwd: root,
      env: { ...env, PS1: '', TERM: 'dumb' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
    child.stdin.write(`source ${script('bash')}\n`);
    child.stdin.write('runbook schem\tdef\t > /dev/null && echo "done: schema"\n');
    child.stdin.write('runbook list --output=jsonl | tr -d "{}" | head -n 1\n');
    child.stdin.write('runbook start --on-failure=ab\t --help | head -n 1\n');
    child.stdin.write('runbook validate compose/lab/platf\t\nexit\n');
    await once(child, 'close');
    expect(seen).toMatch(/done: schema\r?\n/);
    expect(seen).toContain('runbook start --on-failure=abort  --help');
    expect(seen).toContain('ok    compose/lab/platform.yaml (platform)');
  },
  120_000,
);
