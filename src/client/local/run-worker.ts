import { spawn } from 'node:child_process';
import { exitCodes } from '../../shared/exit-codes.ts';
import { connectionSettings, openLink } from '../connection.ts';
import { CommandError } from '../errors.ts';
import type { ExitCode, Session } from '../session.ts';
import { diesWithUs } from '../up/keep-alive.ts';
import { findProgram } from '../up/temporal-cli.ts';
import { entryPoint, makeStateDirectory } from './paths.ts';
import { requirePlatforms } from './platforms-here.ts';
import { warnOfUnsetNotify } from './unset-notify.ts';
import { workerEnvironment } from './worker-environment.ts';

/** A worker on the terminal; it gets our signals and we take its end. */
export async function runWorker(platforms: readonly string[], session: Session): Promise<ExitCode> {
  const { env, cwd, settings } = session;
  await makeStateDirectory(env);
  await requirePlatforms(platforms, session);
  const { address, namespace } = connectionSettings(settings, env);
  // Without a server a worker waits in silence: told here at once.
  await (await openLink(settings, env)).close();
  await warnOfUnsetNotify(platforms, session);
  const setpriv = await findProgram('setpriv', env);
  const command = [process.execPath, ...process.execArgv, entryPoint('worker/main')] as const;
  const [file, ...args] = diesWithUs(setpriv, [...command]);
  const child = spawn(file, args, {
    env: {
      ...(await workerEnvironment({ env, cwd, platforms })),
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    },
    stdio: 'inherit',
    detached: true,
  });
  session.interrupted().addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const ended = await new Promise<{ readonly code: number | null; readonly words: string }>(
    (resolve) => {
      child.once('error', ({ message }) => resolve({ code: null, words: message }));
      child.once('exit', (code, signal) => resolve({ code, words: signal ?? `exit code ${code}` }));
    },
  );
  if (ended.code === 0 || session.interrupted().aborted) return exitCodes.done;
  throw new CommandError('RB_WORKER_ENDED', `the worker ended: ${ended.words}`, {
    why: 'what it printed above says why',
    fix: 'correct that and start it again; runbook doctor checks the machine',
  });
}
