import { errorFacts } from '../../shared/errors.ts';
import { type Link, openLink } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { entryPoint } from '../local/paths.ts';
import { workerEnvironment } from '../local/worker-environment.ts';
import { freshPollers } from '../runs/pollers.ts';
import { noWorker } from '../runs/rpc.ts';
import type { Clock } from '../session.ts';
import type { Environment } from '../terminal.ts';
import { startUpCodec } from './codec.ts';
import { diesWithUs, type KeptProgram, keepAlive, type Program } from './keep-alive.ts';
import { localEnvironment } from './local-environment.ts';
import { type LogName, logPath, logTail, rotateLog } from './log-files.ts';
import { readyDeadlineMs, removeNote, type UpNote, writeNote } from './note.ts';
import { keepRunsLonger } from './server.ts';
import { findProgram, requireTemporalCli, serverArguments } from './temporal-cli.ts';

export interface SupervisorOptions {
  readonly directory: string;
  readonly env: Environment;
  readonly cwd: string;
  readonly port: number;
  readonly platforms: readonly string[];
  readonly worker: boolean;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** One line about something that happened. */
  tell(line: string): Promise<void>;
  ready(): void;
}

interface Started {
  readonly kept: KeptProgram;
  readonly name: LogName;
  /** Where in its log this start begins. */
  readonly logFrom: number;
}

/** Keeps server and worker running until the signal is aborted, then stops both in order. */
export async function supervise(options: SupervisorOptions, claimed: UpNote): Promise<void> {
  let note = claimed;
  const { directory, stop } = options;
  const env = localEnvironment(options.env, note.address, note.namespace);
  const setpriv = await findProgram('setpriv', options.env);
  const running: KeptProgram[] = [];
  const update = (change: Partial<UpNote>) => {
    note = { ...note, ...change };
    return writeNote(directory, note);
  };
  const begin = async (program: Program) => {
    const logFrom = await rotateLog(directory, program.name);
    const kept = keepAlive(program, {
      started: (id) => void update({ children: { ...note.children, [program.name]: id } }),
      died: (words, ms) => void options.tell(`${program.name} ended (${words}), again in ${ms} ms`),
    });
    running.push(kept);
    return { kept, name: program.name, logFrom };
  };
  const { uiPort, codecPort } = note;
  const codec = await startUpCodec({ directory, env: options.env, port: codecPort, uiPort });
  try {
    if (!note.adopted) {
      const { port } = options;
      const { serverSettings } = codec;
      const server = { directory, port, uiPort, namespace: note.namespace, serverSettings };
      const command = [await requireTemporalCli(options.env), ...serverArguments(server)] as const;
      const started = await begin({
        name: 'temporal',
        command: diesWithUs(setpriv, command),
        env: options.env,
        directory,
      });
      const link = await readyOrFail(options, started, () => openLink(note, env));
      await keepRunsLonger(link).finally(() => link.close());
    }
    if (options.worker && !stop.aborted) {
      const since = options.clock.now();
      const started = await begin({
        name: 'worker',
        command: diesWithUs(setpriv, [
          process.execPath,
          ...process.execArgv,
          entryPoint('worker/main'),
        ]),
        env: await workerEnvironment({ env, cwd: options.cwd, platforms: options.platforms }),
        directory,
      });
      const link = await openLink(note, env);
      await readyOrFail(options, started, () => pollingWorker(link, since)).finally(() =>
        link.close(),
      );
    }
    await update({ ready: true });
    options.ready();
    await untilAborted(stop);
  } finally {
    // The worker first: it still has something to tell the server.
    for (const kept of running.reverse()) await kept.stop();
    await codec.server.close();
    await removeNote(directory);
  }
}

/** A worker that has polled since ours was started; what a killed one left in the list is older. */
async function pollingWorker(link: Link, since: Date): Promise<void> {
  const pollers = await freshPollers(link);
  if (!pollers.some(({ lastSeen }) => lastSeen >= since)) throw noWorker();
}

/** Tries until the program answers, has given up, or its time is over. */
async function readyOrFail<T>(
  { clock, stop, directory }: SupervisorOptions,
  started: Started,
  probe: () => Promise<T>,
): Promise<T> {
  const deadline = clock.now().getTime() + readyDeadlineMs;
  let gaveUp: string | undefined;
  void started.kept.gaveUp.then((words) => {
    gaveUp = words;
  });
  for (;;) {
    try {
      const answer = await probe();
      started.kept.markReady();
      return answer;
    } catch (error) {
      if (!passing.has(errorFacts(error).code)) throw error;
      const isLate = clock.now().getTime() > deadline;
      if (gaveUp !== undefined || isLate || stop.aborted) {
        throw await upFailed(directory, started, gaveUp ?? errorFacts(error).what);
      }
    }
    await clock.sleep(100, stop);
  }
}

/** What a program that is still starting answers with. */
const passing: ReadonlySet<string> = new Set([
  'RB_TEMPORAL_UNREACHABLE',
  'RB_TEMPORAL_ANSWER',
  'RB_NO_WORKER',
]);

async function upFailed(directory: string, { name, logFrom }: Started, words: string) {
  const what = `the ${name === 'worker' ? 'worker' : 'server'} did not start: ${words}`;
  const tail = await logTail(directory, name, logFrom);
  return new CommandError('RB_UP_FAILED', what, {
    why:
      tail === '' ? 'it printed nothing' : `the end of ${logPath(directory, name)} says\n${tail}`,
    fix: 'correct what the log names, then run it again; runbook doctor checks the machine',
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // An open timer keeps the process alive; the programs alone need not.
  const heartbeat = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(heartbeat);
}
