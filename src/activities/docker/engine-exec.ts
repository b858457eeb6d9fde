import type Docker from 'dockerode';
import { createDemultiplexer } from './demultiplex.ts';

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  /** After this the command is killed inside the container. */
  readonly timeoutMs?: number;
  /** Stands in the command's environment as RUNBOOK_MARK, so that it can be found and ended. */
  readonly mark?: string;
  readonly user?: string;
  /** What the command reads on its standard input: the way for a secret, which no process list shows. */
  readonly input?: string;
}

type Call = <T>(what: string, work: () => Promise<T>, extraMs?: number) => Promise<T>;

const defaultTimeoutMs = 5000;
const maxOutputBytes = 256 * 1024;
/** What `timeout` and a shell answer for a killed command. */
const killedExit = 137;
const timedOutExit = 124;

/** Containers without a `timeout` program; only the client's deadline ends a command there. */
const withoutTimeout = new Set<string>();

const saysNoTimeout = (result: ExecResult) =>
  (result.exitCode === 126 || result.exitCode === 127) &&
  /"timeout": (executable file not found|stat timeout)/.test(result.stdout + result.stderr);

/**
 * Runs a command in a container. It is wrapped in the container's own `timeout`, for a command goes on
 * when the client that started it dies.
 */
export async function runExec(
  docker: Docker,
  containerId: string,
  argv: readonly string[],
  options: ExecOptions,
  call: Call,
): Promise<ExecResult> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const seconds = String(Math.ceil(timeoutMs / 1000));
  const bounded = !withoutTimeout.has(containerId);
  const command = bounded ? ['timeout', '-s', 'KILL', seconds, ...argv] : [...argv];
  const startedAt = Date.now();
  const result = await call(
    'run a command in a container',
    () => runOnce(docker, containerId, command, options),
    timeoutMs,
  );
  if (bounded && saysNoTimeout(result)) {
    withoutTimeout.add(containerId);
    return runExec(docker, containerId, argv, options, call);
  }
  const ranMs = Date.now() - startedAt;
  if (bounded && result.exitCode === killedExit && ranMs >= timeoutMs) {
    return { ...result, exitCode: timedOutExit, stderr: `no answer within ${seconds} s` };
  }
  return result;
}

async function runOnce(
  docker: Docker,
  containerId: string,
  command: string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const exec = await docker.getContainer(containerId).exec({
    Cmd: command,
    AttachStdin: options.input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    ...(options.mark === undefined ? {} : { Env: [`RUNBOOK_MARK=${options.mark}`] }),
    ...(options.user === undefined ? {} : { User: options.user }),
  });
  const stream = await startExec(exec, options.input);
  const output = await readOutput(stream);
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, ...output };
}

/** Docker takes input on a connection of its own, whose half that is written to is closed after it. */
async function startExec(exec: Docker.Exec, input: string | undefined) {
  if (input === undefined) return exec.start({ hijack: false, stdin: false });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.end(input);
  return stream;
}

async function readOutput(stream: NodeJS.ReadableStream) {
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let bytes = 0;
  const push = createDemultiplexer((name, data) => {
    const room = maxOutputBytes - bytes;
    if (room <= 0) return;
    parts[name].push(Buffer.from(data.subarray(0, room)));
    bytes += Math.min(room, data.length);
  });
  for await (const chunk of stream) push(chunk as Buffer);
  const text = (name: 'stdout' | 'stderr') => Buffer.concat(parts[name]).toString('utf8');
  return { stdout: text('stdout'), stderr: text('stderr') };
}
