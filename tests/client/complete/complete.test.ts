import { expect, test } from 'vitest';
import { commandTable } from '../../../src/client/command-table.ts';
import { runProgram } from '../../../src/client/program.ts';
import { Recorder } from '../support/recorder.ts';

async function completed(...words: string[]): Promise<readonly string[]> {
  const stdout = new Recorder(false);
  const stderr = new Recorder(false);
  const code = await runProgram(['__complete', ...words], {
    ...{ stdin: process.stdin, stdout, stderr },
    // Nothing listens there.
    env: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    cwd: () => '/nowhere',
    on: () => {},
  });
  expect([code, stderr.text]).toEqual([0, '']);
  return stdout.text.split('\n').slice(0, -1);
}

const values = async (...words: string[]) =>
  (await completed(...words)).map((line) => line.split('\t')[0]);

test('the first word is a command, with its summary', async () => {
  expect(await values('')).toEqual(commandTable.map(({ name }) => name));
  expect(await completed('-q', 'valid')).toEqual([
    'validate\tCheck platform and runbook files, without any network',
  ]);
  expect(await values('nonsense', '')).toEqual([]);
});

test('a runbook is named with its title', async () => {
  expect(await completed('start', 'dep')).toEqual(['deploy\tDeploy the platform']);
  expect(await values('-o', 'json', 'show', '')).toContain('verify-platform');
  expect(await values('history', '--runbook', 'ver')).toEqual(['verify-platform']);
  expect(await values('start', 'deploy', '')).toEqual([]);
});

test('a platform is named where one is meant, and a file where a file is', async () => {
  expect(await values('start', 'deploy', '--platform', 'la')).toEqual(['lab']);
  expect(await values('start', 'deploy', '--confirm=la')).toEqual(['--confirm=lab']);
  expect(await values('up', '--platform', 'la')).toEqual([':files']);
  expect(await values('validate', 'a.yaml', '')).toEqual([':files']);
  expect(await values('env', '')).toEqual([':files']);
});

test('options are those of the command and of the program that are not there yet', async () => {
  const offered = await values('start', 'deploy', '--yes', '--plan', '--set', 'a=1', '--');
  expect(offered).toContain('--on-failure');
  expect(offered).toContain('--output');
  expect(offered).not.toContain('--yes');
  expect(offered).not.toContain('--plan');
  // It may be repeated.
  expect(offered).toContain('--set');
  expect(await values('start', '--', '--')).toEqual([]);
});

test('the value of an option is one of its choices, behind a blank or an equals sign', async () => {
  expect(await values('start', 'deploy', '--on-failure', '')).toEqual(['park', 'undo', 'abort']);
  expect(await values('start', '--on-failure=a')).toEqual(['--on-failure=abort']);
  expect(await values('-o', 'j')).toEqual(['json', 'jsonl']);
  expect(await values('start', 'deploy', '--reason', '')).toEqual([]);
});

test('the value of an option may be left out where the help says so', async () => {
  expect(await values('report', 'r', '--html', '')).toEqual([':files']);
  expect(await values('report', 'r', '--html', '--for')).toEqual(['--format']);
});

test('a parameter is one of the runbook, and its value one of few', async () => {
  expect(await values('start', 'deploy', '--set', 'remove')).toEqual(['removeOrphans=']);
  expect(await values('start', 'deploy', '--set', 'removeOrphans=')).toEqual([
    'removeOrphans=true',
    'removeOrphans=false',
  ]);
  expect(await values('start', 'deploy', '--set=removeOrphans=f')).toEqual([
    '--set=removeOrphans=false',
  ]);
});

test('a secret is named with what it is for', async () => {
  expect(await completed('secrets', 'show', 's3-l')).toEqual([
    's3-lakehouse\tAccess key of the warehouse',
  ]);
  expect(await values('secrets', 'verify', 'postgres-c')).toEqual([
    'postgres-canary',
    'postgres-canary-single',
  ]);
  expect(await values('secrets', 'v')).toEqual(['verify']);
});

test('words below a command are found, and words that are choices', async () => {
  expect(await values('env', 'ref')).toEqual(['reference']);
  expect(await values('env', 'reference', '--pl')).toEqual(['--platform']);
  expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await values('schema', 'r')).toEqual(['run-request']);
});

test('without a server there are no ids of runs, and no error', async () => {
  expect(await values('watch', '')).toEqual([]);
});

test('the word itself is hidden', async () => {
  const stdout = new Recorder(false);
  await runProgram(['--help'], {
    ...{ stdin: process.stdin, stdout, stderr: stdout, env: {}, cwd: () => '/', on: () => {} },
  });
  expect(stdout.text).not.toContain('__complete');
});
