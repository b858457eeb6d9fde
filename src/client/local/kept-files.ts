import { join } from 'node:path';
import { CommandError, contextOf } from '../errors.ts';
import type { Session } from '../session.ts';
import { runFolders } from './run-folders.ts';

export const isUnreachable = (error: unknown): error is CommandError =>
  error instanceof CommandError && error.code === 'RB_TEMPORAL_UNREACHABLE';

/** Carries out what needs the server; where none answers, its error names the files that this machine has of the run. */
export async function namingFiles<T>(
  run: string,
  folder: '' | 'logs',
  { env }: Pick<Session, 'env'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [kept] = isUnreachable(error) ? await runFolders(run, env) : [];
    if (kept === undefined || !isUnreachable(error)) throw error;
    const { code, message, why = '', fix = '' } = error;
    throw new CommandError(code, message, {
      why,
      fix: `${fix}\nwithout a server: what is kept of the run on this machine is in ${join(kept, folder)}`,
      context: { ...contextOf(error), run },
    });
  }
}
