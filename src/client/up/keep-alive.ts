import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '../terminal.ts';
import { type LogName, openLog } from './log-files.ts';
import { type ProcessId, processId } from './processes.ts';

const firstDelayMs = 500;
/** Also the cap on restarts: six a minute, however long the trouble lasts. */
const longestDelayMs = 10_000;
/** Whoever lived that long before it died starts with a clean sheet. */
const healthyMs = 60_000;
const stopDeadlineMs = 15_000;
const exitsBeforeReady = 3;

export interface Program {
  readonly name: Exclude<LogName, 'up'>;
  readonly command: readonly [string, ...string[]];
  readonly env: Environment;
  readonly directory: string;
}

interface KeepAliveEvents {
  /** A process of the program has been started. */
  started(id: ProcessId): void;
  died(words: string, againInMs: number): void;
}

/** A program that is started again whenever it dies, until it is stopped. */
export interface KeptProgram {
  /** From now on deaths are survived for ever; before, a program that keeps dying gives up. */
  markReady(): void;
  /** Rejects nothing; resolves with words when the program kept dying before it was ready. */
  readonly gaveUp: Promise<string>;
  stop(): Promise<void>;
}

export function keepAlive(program: Program, events: KeepAliveEvents): KeptProgram {
  const giveUp = Promise.withResolvers<string>();
  const stopping = new AbortController();
  let ready = false;
  let current: Started | undefined;
  const cycle = (async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const startedMs = Date.now();
      current = await launch(program, events);
      // A stop that came during the launch has not seen this process.
      if (stopping.signal.aborted) await end(current);
      const words = await current.exited;
      if (stopping.signal.aborted) return;
      failures = Date.now() - startedMs > healthyMs ? 1 : failures + 1;
      if (!ready && failures >= exitsBeforeReady) return giveUp.resolve(words);
      const delayMs = restartDelayMs(failures);
      events.died(words, delayMs);
      await pause(delayMs, stopping.signal);
    }
  })();
  return {
    markReady: () => {
      ready = true;
    },
    gaveUp: giveUp.promise,
    async stop() {
      stopping.abort();
      if (current !== undefined) await end(current);
      await cycle;
    },
  };
}

export function restartDelayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
}

interface Started {
  readonly child: ChildProcess;
  /** Words about how it ended. */
  readonly exited: Promise<string>;
}

/** A session of its own keeps Ctrl-C away from it: `up` ends its programs in order. */
async function launch(program: Program, events: KeepAliveEvents): Promise<Started> {
  const [file, ...args] = program.command;
  const log = await openLog(program.directory, program.name);
  try {
    const child = spawn(file, args, {
      detached: true,
      env: { ...program.env },
      stdio: ['ignore', log.fd, log.fd],
    });
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    const id = child.pid === undefined ? undefined : await processId(child.pid);
    if (id !== undefined) events.started(id);
    return { child, exited };
  } finally {
    await log.close();
  }
}

async function end({ child, exited }: Started): Promise<void> {
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  await exited;
  clearTimeout(deadline);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}

/** Makes a program end with us, even when we are killed. */
export function diesWithUs(
  setpriv: string | undefined,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'TERM', ...command];
}
