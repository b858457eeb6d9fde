import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { childEnvironment, runChild } from '../../../src/activities/docker/child-process.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'rbtest-child-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sh = (script: string, ...args: string[]) => ['-c', script, 'sh', ...args] as const;
const deadlineMs = 5000;

/** A process that has ended and was not waited for yet counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function pidIn(file: string): Promise<number> {
  await vi.waitFor(() => expect(readFileSync(file, 'utf8').trim()).toMatch(/^\d+$/), deadlineMs);
  return Number(readFileSync(file, 'utf8'));
}

describe('a child process', () => {
  test('hands over its output as lines and as text, and says its process id first', async () => {
    const lines: string[] = [];
    const pids: number[] = [];
    const result = await runChild('sh', sh('echo one; printf two; echo three >&2'), {
      deadlineMs,
      onLine: (line) => lines.push(line),
      onSpawn: (pid) => void pids.push(pid),
    });
    expect(result.stdout).toBe('one\ntwo');
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
    expect(pids).toHaveLength(1);
  });

  test('fails with its exit code and its last lines', async () => {
    const failing = runChild('sh', sh('for i in $(seq 30); do echo "line $i"; done; exit 3'), {
      deadlineMs,
      code: 'RB_X',
    });
    await expect(failing).rejects.toMatchObject({
      code: 'RB_X',
      why: expect.stringMatching(/^exit code 3\nline 11\n[\s\S]*line 30$/),
    });
  });

  test('keeps captured stdout out of log and error', async () => {
    const lines: string[] = [];
    const failing = runChild('sh', sh('echo canary-secret; echo visible >&2; exit 1'), {
      deadlineMs,
      stdout: 'captured',
      onLine: (line) => lines.push(line),
    });
    await expect(failing).rejects.toMatchObject({ why: 'exit code 1\nvisible' });
    expect(lines).toEqual(['visible']);
  });

  test('says so when the program is not there', async () => {
    const missing = runChild('/no/such/program', [], { deadlineMs });
    await expect(missing).rejects.toMatchObject({ why: expect.stringContaining('No such file') });
  });

  test('does not inherit the environment of the worker', async () => {
    vi.stubEnv('RBTEST_SECRET', 'canary-secret');
    const result = await runChild('env', [], { deadlineMs });
    vi.unstubAllEnvs();
    expect(result.stdout).not.toContain('canary-secret');
    expect(childEnvironment({ PATH: '/bin', DOCKER_HOST: 'x', HOME: '/h', OTHER: 'y' })).toEqual({
      PATH: '/bin',
      HOME: '/h',
      DOCKER_HOST: 'x',
    });
  });

  test('is ended with everything it started when the caller gives up', async () => {
    const file = join(folder, 'grandchild');
    const controller = new AbortController();
    const running = runChild('sh', sh('sleep 60 & echo $! > "$1"; wait', file), {
      deadlineMs: 60_000,
      signal: controller.signal,
    });
    const settled = expect(running).rejects.toThrow('taken over');
    const grandchild = await pidIn(file);
    controller.abort(new Error('taken over'));
    await settled;
    // Its new parent may take a moment to bury it.
    await until('the grandchild is gone', async () => !isAlive(grandchild));
  });

  test('is killed when it ignores the polite signal', async () => {
    const file = join(folder, 'stubborn');
    const controller = new AbortController();
    const running = runChild(
      'sh',
      sh('trap "" TERM; echo $$ > "$1"; while :; do sleep 1; done', file),
      {
        deadlineMs: 60_000,
        graceMs: 100,
        signal: controller.signal,
      },
    );
    const settled = expect(running).rejects.toThrow();
    const pid = await pidIn(file);
    controller.abort();
    await settled;
    expect(isAlive(pid)).toBe(false);
  });

  test('is ended at its deadline', async () => {
    const late = runChild('sh', sh('echo working; sleep 60'), { deadlineMs: 200, graceMs: 100 });
    await expect(late).rejects.toMatchObject({
      code: 'RB_COMMAND_TIMEOUT',
      why: expect.stringContaining('working'),
    });
  });

  test('is ended when it cannot be written down', async () => {
    let pid = 0;
    const running = runChild('sleep', ['60'], {
      deadlineMs: 60_000,
      onSpawn: (own) => {
        pid = own;
        throw new Error('the disk is full');
      },
    });
    await expect(running).rejects.toThrow('the disk is full');
    expect(isAlive(pid)).toBe(false);
  });

  test.for([
    [10, true],
    [11, false],
  ] as const)('of %i bytes with a limit of 10: allowed %s', async ([bytes, allowed]) => {
    const running = runChild('sh', sh('printf %s "$1"', 'x'.repeat(bytes)), {
      deadlineMs,
      maxOutputBytes: 10,
    });
    if (allowed) await expect(running).resolves.toMatchObject({ stdout: 'x'.repeat(bytes) });
    else await expect(running).rejects.toMatchObject({ code: 'RB_OUTPUT_TOO_LARGE' });
  });

  test('dies with the worker', async () => {
    const file = join(folder, 'orphan');
    const script = join(folder, 'worker.ts');
    const adapter = join(import.meta.dirname, '../../../src/activities/docker/child-process.ts');
    writeFileSync(
      script,
      `import { runChild } from ${JSON.stringify(adapter)};
      await runChild('sh', ['-c', 'echo $$ > "$1"; sleep 60', 'sh', ${JSON.stringify(file)}], { deadlineMs: 60000 });`,
    );
    const worker = spawn(process.execPath, [script], { stdio: 'ignore' });
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), deadlineMs);
    const pid = await pidIn(file);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), deadlineMs);
  });
});
