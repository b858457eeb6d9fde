import { execFile } from 'node:child_process';
import type { Environment } from '../terminal.ts';

const deadlineMs = 10_000;

/** The first line that a command prints, or why there is none. */
export function commandOutput(
  file: string,
  args: readonly string[],
  env: Environment,
): Promise<{ readonly text: string } | { readonly error: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...env }, timeout: deadlineMs, encoding: 'utf8' } as const;
    execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ text: firstLine(stdout) });
      else if (error.code === 'ENOENT') resolve({ error: `there is no command ${file}` });
      else if (error.killed === true) resolve({ error: `no answer within ${deadlineMs / 1000} s` });
      else resolve({ error: firstLine(stderr) || error.message });
    });
  });
}

const firstLine = (text: string) => text.trim().split('\n')[0] ?? '';
