import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { typedSearchAttributes } from '../../shared/search-attributes.ts';
import { CommandError } from '../errors.ts';
import { packageRoot } from '../local/paths.ts';
import type { Environment } from '../terminal.ts';

/** The `temporal` command: named by a variable, on PATH, or in the project's own tool folder. */
export async function findTemporalCli(env: Environment): Promise<string | undefined> {
  if (env.RUNBOOK_TEMPORAL_CLI) {
    return (await isExecutable(env.RUNBOOK_TEMPORAL_CLI)) ? env.RUNBOOK_TEMPORAL_CLI : undefined;
  }
  return findProgram('temporal', env, [join(packageRoot, '.tools/bin')]);
}

export async function requireTemporalCli(env: Environment): Promise<string> {
  const path = await findTemporalCli(env);
  if (path !== undefined) return path;
  const named = env.RUNBOOK_TEMPORAL_CLI;
  throw new CommandError('RB_TEMPORAL_CLI', 'the temporal command is not there', {
    why: named
      ? `RUNBOOK_TEMPORAL_CLI names ${named}, which cannot be executed`
      : 'it is neither on PATH nor in .tools/bin',
    fix: 'install it (script/bootstrap builds it in a checkout), or name one with RUNBOOK_TEMPORAL_CLI',
  });
}

export async function findProgram(
  name: string,
  env: Environment,
  more: readonly string[] = [],
): Promise<string | undefined> {
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...more];
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

interface ServerOptions {
  readonly directory: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
  /** Settings of the command that must not be arguments. */
  readonly serverSettings?: string;
}

/** Under which name they stand in that file. */
export const serverSettingsName = 'runbook';

/**
 * The server's default of 20 polls a second and queue lets every hop of a run wait up to 50 ms. The
 * second limit is for the whole host.
 */
const pollers = ['transfer', 'timer', 'visibility', 'outbound'];
const dynamicConfig = [
  ...pollers.flatMap((name) => [
    `history.${name}ProcessorMaxPollRPS=2000`,
    `history.${name}ProcessorMaxPollHostRPS=2000`,
  ]),
  'system.enableActivityEagerExecution=true',
];

/**
 * A write-ahead log that is not waited for: it survives the death of the server, and halves the time of a
 * step. A power cut may take the last moments of a history; probes then find what was done.
 */
const sqlitePragmas = ['journal_mode=wal', 'synchronous=normal'];

export function serverArguments({
  directory,
  port,
  uiPort,
  namespace,
  serverSettings,
}: ServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', `${port}`, '--ui-port', `${uiPort}`],
    ...['--db-filename', join(directory, 'temporal.db')],
    ...sqlitePragmas.flatMap((value) => ['--sqlite-pragma', value]),
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...(serverSettings === undefined
      ? []
      : ['--env-file', serverSettings, '--env', serverSettingsName]),
    ...typedSearchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
  ];
}
