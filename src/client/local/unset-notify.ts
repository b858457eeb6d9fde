import { readFile } from 'node:fs/promises';
import { parsePlatformFile } from '../../shared/read-platform.ts';
import { factLines } from '../render/error.ts';
import { type Session, warn } from '../session.ts';
import type { Environment } from '../terminal.ts';
import { chosenPlatformFiles } from './worker-environment.ts';

/** Variables that a target needs and an environment lacks: nobody would get its messages. */
interface UnsetTarget {
  readonly platform: string;
  readonly target: string;
  readonly variables: readonly string[];
}

interface NotifyTargets {
  /** How many targets the files have. */
  readonly targets: number;
  readonly unset: readonly UnsetTarget[];
}

/** Looks at the targets of platform files with this environment. An unreadable file is for others to tell. */
export async function notifyTargets(
  files: readonly string[],
  env: Environment,
): Promise<NotifyTargets> {
  const platforms = await Promise.all(
    files.map(async (file) => {
      try {
        return [parsePlatformFile(await readFile(file, 'utf8'), file)];
      } catch {
        return [];
      }
    }),
  );
  const found = platforms.flat().flatMap(({ name: platform, notify }) =>
    Object.entries(notify).map(([target, { url, key }]) => ({
      platform,
      target,
      variables: [url, ...(key === undefined ? [] : [key])].filter((name) => !env[name]),
    })),
  );
  return {
    targets: found.length,
    unset: found.filter(({ variables }) => variables.length > 0),
  };
}

/** `notify ops of lab: OPS_URL is not set`. */
export function unsetWords({ platform, target, variables }: UnsetTarget): string {
  const isOrAre = variables.length === 1 ? 'is' : 'are';
  return `notify ${target} of ${platform}: ${variables.join(' and ')} ${isOrAre} not set`;
}

/** Before a worker starts with this environment: later only a failed workflow would say it. */
export async function warnOfUnsetNotify(
  platforms: readonly string[],
  session: Session,
): Promise<void> {
  const { env, cwd, terminal } = session;
  const { unset } = await notifyTargets(await chosenPlatformFiles(env, cwd, platforms), env);
  const { style, width } = terminal.stderr;
  for (const target of unset) {
    const facts = {
      code: 'RB_NOTIFY_UNSET',
      what: `${unsetWords(target)} where the worker runs`,
      why: `the worker starts with the environment of this shell, and cannot tell ${target.target} of any run`,
      fix: `export ${target.variables.join(' and ')}, and start the worker again`,
    };
    warn(session, factLines('warning', facts, {}, width(), style));
  }
}
