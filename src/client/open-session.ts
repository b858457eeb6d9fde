import { setTimeout as sleep } from 'node:timers/promises';
import type { Runs } from './runs/api.ts';
import type { Clock, OutputFormat, Session } from './session.ts';
import {
  type ColourFlag,
  createTerminal,
  type Environment,
  type OutputStream,
} from './terminal.ts';

/** The part of `process` that the CLI uses. */
export interface ProcessLike {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  cwd(): string;
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

interface GlobalOptions {
  readonly output: OutputFormat;
  readonly color: ColourFlag;
  readonly input: boolean;
  readonly quiet?: true | undefined;
  readonly verbose?: true | undefined;
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
}

const wallClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

/** A session on the real process; what it opens is closed with it. */
export function openSession(
  proc: ProcessLike,
  { output, color, input, quiet, verbose, address, namespace }: GlobalOptions,
  given: ReadonlySet<string>,
): Session & AsyncDisposable {
  let connecting: Promise<Runs> | undefined;
  let interrupt: AbortController | undefined;
  const { stdin, stdout, stderr, env } = proc;
  return {
    settings: {
      output,
      color,
      input,
      quiet: quiet ?? false,
      verbose: verbose ?? false,
      address,
      namespace,
      given,
    },
    terminal: createTerminal({ stdin, stdout, stderr, env, colour: color, input }),
    env,
    cwd: proc.cwd(),
    clock: wallClock,
    connect() {
      connecting ??= import('./runs/temporal.ts').then(({ connectRuns }) =>
        connectRuns({ address, namespace }, env),
      );
      return connecting;
    },
    interrupted() {
      if (interrupt === undefined) {
        const controller = new AbortController();
        for (const signal of ['SIGINT', 'SIGTERM'] as const)
          proc.on(signal, () => controller.abort());
        interrupt = controller;
      }
      return interrupt.signal;
    },
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    async [Symbol.asyncDispose]() {
      await connecting?.then((runs) => runs.close()).catch(() => undefined);
    },
  };
}
