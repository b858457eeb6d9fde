import { Readable } from 'node:stream';
import { runProgram } from '../../../src/client/program.ts';
import type { Environment } from '../../../src/client/terminal.ts';
import { Recorder } from './recorder.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line as its process would run it, with standard input closed and no terminal. */
export async function runInProcess(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<Outcome> {
  const [stdout, stderr] = [new Recorder(false), new Recorder(false)];
  const code = await runProgram(args, {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env,
    cwd: () => cwd,
    on: () => {},
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
