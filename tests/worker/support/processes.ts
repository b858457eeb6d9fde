import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { identify } from '../../../src/worker/process-identity.ts';
import { until } from '../../support/until.ts';

/** Starts a program that leads its own process group; the group is killed after the test. */
export async function startGroup(command: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  killAfterTest(-pidOf(child));
  return child;
}

/** A process that does nothing for longer than any test. */
export const startSleeper = () => startGroup('sleep', '60');

export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A negative number means the whole group. */
export function killAfterTest(pid: number): void {
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already, as it should be.
    }
  });
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process was not started');
  return child.pid;
}

export const lives = async (pid: number) => (await identify(pid)) !== undefined;

/** The process id that a shell writes into a file, once it is there. */
export async function pidIn(path: string): Promise<number> {
  const pid = await until('the process id is written', async () => {
    const text = await readFile(path, 'utf8');
    return text.endsWith('\n') && Number(text);
  });
  killAfterTest(pid);
  return pid;
}
