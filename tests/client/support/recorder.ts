import type { Runs } from '../../../src/client/runs/api.ts';
import type { Clock, Session, Settings } from '../../../src/client/session.ts';
import { createTerminal, type Environment } from '../../../src/client/terminal.ts';

/** An output stream that remembers what was written to it. */
export class Recorder {
  readonly isTTY: boolean;
  readonly columns = 80;
  readonly rows = 24;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

interface RecorderOptions {
  readonly runs?: Runs;
  readonly settings?: Partial<Settings>;
  readonly env?: Environment;
  readonly isTTY?: boolean;
  readonly interrupted?: AbortSignal;
  readonly stdin?: string;
}

/** A session whose terminal records, whose clock does not wait, and whose runs are given. */
export function recordSession(options: RecorderOptions = {}) {
  const { isTTY = false, env = {}, runs } = options;
  const stdout = new Recorder(isTTY);
  const stderr = new Recorder(isTTY);
  const clock: Clock = {
    now: () => new Date('2026-11-24T12:01:05.000Z'),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
  const session: Session = {
    settings: {
      output: 'text',
      quiet: false,
      verbose: false,
      color: 'auto',
      progress: 'auto',
      input: true,
      given: new Set(),
      ...options.settings,
    },
    terminal: createTerminal({
      stdin: { isTTY },
      stdout,
      stderr,
      env,
      colour: 'never',
      input: true,
    }),
    env,
    origins: new Map(),
    configFiles: [],
    cwd: '/nowhere',
    clock,
    connect: async () => {
      if (runs === undefined) throw new Error('this test has no server');
      return runs;
    },
    interrupted: () => options.interrupted ?? new AbortController().signal,
    readStdin: async () => options.stdin ?? '',
  };
  return { session, stdout, stderr };
}
