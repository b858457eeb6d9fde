import { execa } from 'execa';
import { RunbookError } from '../../shared/errors.ts';
import { createLineSplitter } from './line-splitter.ts';

/** What an adapter needs of the attempt it works for; it knows no Temporal. */
export interface ChildHooks {
  readonly signal?: AbortSignal;
  /** Each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called with the process id, which is also the id of the process group. */
  readonly onSpawn?: (pid: number) => Promise<void> | void;
}

export interface ChildOptions extends ChildHooks {
  readonly deadlineMs: number;
  readonly cwd?: string;
  /** Variables beside PATH, HOME and DOCKER_*; never a secret, for other users can read them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly maxOutputBytes?: number;
  /** `captured`: stdout is a result that may hold secrets, so it goes into no log and no error. */
  readonly stdout?: 'lines' | 'captured';
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
  /** The error code of a failure, `RB_COMMAND_FAILED` when absent. */
  readonly code?: string;
}

export interface ChildResult {
  readonly stdout: string;
  /** The last lines of both streams, for errors. */
  readonly tail: readonly string[];
}

const defaultOutputBytes = 1024 * 1024;
const defaultGraceMs = 3000;
const tailLines = 20;
const lineChars = 2000;

/** The variables that a child gets from the worker; its other variables stay with the worker. */
export function childEnvironment(source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(source).filter(
    ([name, value]) =>
      value !== undefined && (/^(PATH|HOME)$/.test(name) || name.startsWith('DOCKER_')),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a program and waits until it is gone, whatever ends it. It leads its own process group, so that
 * what it starts ends with it, and the kernel kills it when the worker dies.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  options.signal?.throwIfAborted();
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
    cwd: options.cwd ?? '/',
    env: { ...childEnvironment(), ...options.env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
  const output = collectOutput(child, options);
  const ending = endOnDemand(child.pid, options);
  try {
    // The child is written down before it is waited for; if that fails, nobody could end it later.
    if (child.pid !== undefined) await options.onSpawn?.(child.pid);
  } catch (error) {
    ending.now();
    await child;
    ending.stop();
    throw error;
  }
  const result = await child;
  ending.stop();
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  const tail = output.tail();
  const name = command.split('/').at(-1) ?? command;
  options.signal?.throwIfAborted();
  if (ending.timedOut()) throw tooSlow(name, options, tail);
  if (result.failed) throw failed(name, options, tail, result.exitCode, result.originalMessage);
  if (output.cut()) {
    throw new RunbookError('RB_OUTPUT_TOO_LARGE', `${name} printed too much`, {
      why: `more than ${options.maxOutputBytes ?? defaultOutputBytes} bytes`,
      fix: 'run it by hand to see what it prints, and have it print less',
      retry: 'never',
    });
  }
  return { stdout: output.stdout(), tail };
}

type Stream = NodeJS.ReadableStream | null | undefined;

function collectOutput(child: { stdout: Stream; stderr: Stream }, options: ChildOptions) {
  const limit = options.maxOutputBytes ?? defaultOutputBytes;
  const chunks: Buffer[] = [];
  const last: string[] = [];
  let bytes = 0;
  const take = (line: string) => {
    const text = line.slice(0, lineChars);
    last.push(text);
    if (last.length > tailLines) last.shift();
    options.onLine?.(text);
  };
  const shown = options.stdout === 'captured' ? [child.stderr] : [child.stdout, child.stderr];
  const splitters = shown.map((stream) => {
    const splitter = createLineSplitter(take);
    stream?.on('data', (chunk: Buffer) => splitter.push(chunk));
    return splitter;
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  });
  return {
    stdout: () => Buffer.concat(chunks).toString('utf8'),
    cut: () => bytes > limit,
    tail: () => {
      for (const splitter of splitters) splitter.end();
      return last;
    },
  };
}

/** Ends the whole group on abort and at the deadline: politely first, then for sure. */
function endOnDemand(pid: number | undefined, options: ChildOptions) {
  let late = false;
  let killTimer: NodeJS.Timeout | undefined;
  const now = () => {
    if (pid === undefined || killTimer) return;
    signalGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), options.graceMs ?? defaultGraceMs);
  };
  const deadline = setTimeout(() => {
    late = true;
    now();
  }, options.deadlineMs);
  options.signal?.addEventListener('abort', now, { once: true });
  return {
    now,
    timedOut: () => late,
    stop() {
      clearTimeout(deadline);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', now);
    },
  };
}

function tooSlow(name: string, options: ChildOptions, tail: readonly string[]): RunbookError {
  return new RunbookError('RB_COMMAND_TIMEOUT', `${name} did not finish in time`, {
    why: [`it was ended after ${Math.round(options.deadlineMs / 1000)} s`, ...tail].join('\n'),
    fix: 'see why it hangs in its last lines, then retry',
  });
}

function failed(
  name: string,
  options: ChildOptions,
  tail: readonly string[],
  exitCode: number | undefined,
  message: string | undefined,
): RunbookError {
  const how =
    exitCode === undefined ? (message ?? 'it could not be started') : `exit code ${exitCode}`;
  return new RunbookError(options.code ?? 'RB_COMMAND_FAILED', `${name} failed`, {
    why: [how, ...tail].join('\n'),
  });
}
