import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { UpOptions } from '../commands/up.ts';
import { CommandError } from '../errors.ts';
import { entryPoint, makeStateDirectory } from '../local/paths.ts';
import type { Session } from '../session.ts';
import { logTail, openLog, rotateLog } from './log-files.ts';
import { readNote, type UpNote } from './note.ts';

/** Starts `up` in a session of its own and waits until it is ready. */
export async function detachUp(options: UpOptions, session: Session): Promise<UpNote> {
  const directory = await makeStateDirectory(session.env);
  const from = await rotateLog(directory, 'up');
  const log = await openLog(directory, 'up');
  const child = spawn(
    process.execPath,
    [...process.execArgv, entryPoint('client/main'), ...upArguments(options, session)],
    {
      detached: true,
      cwd: session.cwd,
      env: { ...session.env },
      stdio: ['ignore', 'ignore', log.fd],
    },
  );
  const exited = once(child, 'exit').then(() => true);
  await log.close();
  for (;;) {
    const note = await readNote(directory);
    if (note?.ready === true && note.supervisor.pid === child.pid) {
      child.unref();
      return note;
    }
    const isGone = await Promise.race([exited, session.clock.sleep(100).then(() => false)]);
    if (isGone) throw errorOf(await logTail(directory, 'up', from), directory);
  }
}

/** JSON, because the error of the detached process is told here. */
function upArguments(options: UpOptions, { settings }: Session): string[] {
  return [
    ...['--output', 'json', '--quiet', 'up'],
    ...['--port', `${options.port}`, '--ui-port', `${options.uiPort}`],
    ...['--codec-port', `${options.codecPort}`],
    ...options.platforms.flatMap((file) => ['--platform', file]),
    ...(options.worker ? [] : ['--no-worker']),
    ...(settings.namespace === undefined ? [] : ['--namespace', settings.namespace]),
  ];
}

function errorOf(tail: string, directory: string): CommandError {
  const log = `${directory}/logs/up.log`;
  const lastLine = tail.split('\n').at(-1) ?? '';
  const unknown = {
    code: 'RB_UP_FAILED',
    what: 'up ended before it was ready',
    why: tail || 'it printed nothing',
    fix: `see ${log}`,
  };
  try {
    const { error } = JSON.parse(lastLine) as { readonly error: Partial<typeof unknown> };
    const { code, what, why, fix } = { ...unknown, ...error };
    return new CommandError(code, what, { why, fix });
  } catch {
    return new CommandError(unknown.code, unknown.what, unknown);
  }
}
