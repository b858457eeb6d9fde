import type { UpOptions } from '../commands/up.ts';
import { CommandError } from '../errors.ts';
import { makeStateDirectory } from '../local/paths.ts';
import { chosenPlatformFiles } from '../local/worker-environment.ts';
import { type Session, note as tell } from '../session.ts';
import { localEnvironment } from './local-environment.ts';
import { rotateLog, tellLog } from './log-files.ts';
import { claimNote, ownProcessId, removeNote, type UpNote } from './note.ts';
import { lookAtPorts } from './server.ts';
import { supervise } from './supervise.ts';

/** The work of `up`: runs until Ctrl-C or SIGTERM. */
export async function runUp(
  options: UpOptions,
  session: Session,
  ready: (note: UpNote) => void,
): Promise<void> {
  const { env, cwd, clock } = session;
  const directory = await makeStateDirectory(env);
  const address = `127.0.0.1:${options.port}`;
  const namespace = session.settings.namespace ?? 'default';
  const { port, uiPort, codecPort } = options;
  const platforms = options.worker ? await chosenPlatformFiles(env, cwd, options.platforms) : [];
  const found = await lookAtPorts(port, uiPort, localEnvironment(env, address, namespace));
  const note: UpNote = {
    schema: 'runbook.up/v1',
    supervisor: await ownProcessId(),
    address,
    namespace,
    uiPort,
    codecPort,
    platforms,
    adopted: found === 'temporal',
    ready: false,
    children: {},
  };
  if (!(await claimNote(directory, note))) throw alreadyStarting(directory);
  try {
    await rotateLog(directory, 'up');
    await tellLog(
      directory,
      `up on ${address}, ${note.adopted ? 'server adopted' : 'own server'}`,
      clock.now(),
    );
    await supervise(
      {
        ...options,
        directory,
        env,
        cwd,
        clock,
        stop: session.interrupted(),
        tell: async (line) => {
          tell(session, [line]);
          await tellLog(directory, line, clock.now());
        },
        ready: () => ready(note),
      },
      note,
    );
    await tellLog(directory, 'down', clock.now());
  } finally {
    await removeNote(directory);
  }
}

function alreadyStarting(directory: string): CommandError {
  return new CommandError('RB_UP_FAILED', 'another up is starting', {
    why: `${directory}/up.json belongs to it`,
    fix: 'run it again: it says where the other is once that answers',
  });
}
