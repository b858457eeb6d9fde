import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ColourMode,
  colourModes,
  type OutputFormat,
  outputFormats,
  type ProgressMode,
  progressModes,
} from '../shared/display-modes.ts';
import { didYouMean } from '../shared/nearest.ts';
import type { Configuration } from './config/configuration.ts';
import { CommandError } from './errors.ts';
import type { Runs } from './runs/api.ts';
import type { Clock, Session } from './session.ts';
import { createTerminal, type Environment, type OutputStream } from './terminal.ts';

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
  /** False: `--no-color`. */
  readonly color: ColourMode | false;
  readonly progress: ProgressMode;
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
  { input, quiet, verbose, address, namespace, ...options }: GlobalOptions,
  given: ReadonlySet<string>,
  { env, origins, files }: Configuration,
): Session & AsyncDisposable {
  let connecting: Promise<Runs> | undefined;
  let interrupt: AbortController | undefined;
  const { stdin, stdout, stderr } = proc;
  const output = given.has('output') ? options.output : chosen(env, 'output', outputFormats);
  const color = given.has('color') ? options.color || 'never' : chosen(env, 'color', colourModes);
  const progress = given.has('progress')
    ? options.progress
    : chosen(env, 'progress', progressModes);
  return {
    settings: {
      output,
      color,
      progress,
      input,
      quiet: quiet ?? false,
      verbose: verbose ?? false,
      address,
      namespace,
      given,
    },
    terminal: createTerminal({ stdin, stdout, stderr, env, colour: color, input }),
    env,
    origins,
    configFiles: files,
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

/** The value of a variable that has few; files and flags are checked where they are read. */
function chosen<Mode extends string>(
  env: Environment,
  name: string,
  modes: readonly [Mode, ...Mode[]],
): Mode {
  const variable = `RUNBOOK_${name.toUpperCase()}`;
  const text = env[variable];
  if (!text) return modes[0];
  const mode = modes.find((candidate) => candidate === text);
  if (mode !== undefined) return mode;
  throw new CommandError('RB_USAGE', `${variable} is ${JSON.stringify(text)}`, {
    why: `expected one of ${modes.join(', ')}${didYouMean(text, modes)}`,
    fix: `set it to one of them, or unset it; --${name} wins over it`,
  });
}
