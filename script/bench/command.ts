import { execa } from 'execa';

/** Runs a command to its end and throws when it fails. */
export async function runCommand(file: string, args: readonly string[]): Promise<void> {
  await execa(file, args, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
}
