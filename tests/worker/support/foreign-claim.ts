import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { kill, killAfterTest } from './processes.ts';

const script = join(import.meta.dirname, 'fence-holder.ts');

/** A claim of another live process on this host, with a child process where a command is given. */
export class ForeignClaim {
  readonly child: number;
  private readonly holder: ChildProcess;

  private constructor(holder: ChildProcess, child: number) {
    this.holder = holder;
    this.child = child;
  }

  static async file(
    folder: string,
    scheduledMs: number,
    ...command: string[]
  ): Promise<ForeignClaim> {
    const holder = fork(script, [folder, String(scheduledMs), ...command], { execArgv: [] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    const [{ child = 0 }] = await once(holder, 'message');
    if (child) killAfterTest(-child);
    return new ForeignClaim(holder, child);
  }

  /** As a crash would; what it has started may go on. */
  kill(): Promise<void> {
    return kill(this.holder);
  }

  /** Stands still, as the worker of a suspended host does. */
  freeze(): void {
    this.holder.kill('SIGSTOP');
  }

  thaw(): void {
    this.holder.kill('SIGCONT');
  }

  /** What its check of the fence says: `done`, or the code of the refusal. */
  check(): Promise<string> {
    return this.order('check');
  }

  leave(): Promise<string> {
    return this.order('leave');
  }

  private async order(name: 'check' | 'leave'): Promise<string> {
    const answer = once(this.holder, 'message');
    this.holder.send(name);
    const [{ outcome }] = await answer;
    return outcome;
  }
}
