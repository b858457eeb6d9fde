import { type ChildHooks, type ChildResult, runChild } from './child-process.ts';
import { findComposeBinary } from './compose-binary.ts';
import { composeError } from './compose-errors.ts';
import { invalidCompose } from './invalid-compose.ts';

/** Which project, from which files. */
export interface ComposeSource {
  readonly project: string;
  /** Absolute; relative paths in the files start here. */
  readonly directory: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly profiles: readonly string[];
  /** Absolute; no environment file at all when absent. */
  readonly envFile?: string;
}

interface UpOptions extends ChildHooks {
  readonly deadlineMs?: number;
}

/** The Compose program. Each call is one child process that dies with the worker. */
export interface ComposeCli {
  /** The resolved configuration as JSON text; it can hold secrets. */
  config(source: ComposeSource, hooks: ChildHooks): Promise<string>;
  /** The merged files as they stand, with nothing filled in and no environment file read. */
  draft(source: ComposeSource, hooks: ChildHooks): Promise<string>;
  /** Compose service to the hash that Compose writes on its containers. */
  configHashes(source: ComposeSource, hooks: ChildHooks): Promise<Readonly<Record<string, string>>>;
  /** Creates, recreates or starts exactly these services; builds, pulls and waits for nothing. */
  up(source: ComposeSource, services: readonly string[], options: UpOptions): Promise<void>;
  build(source: ComposeSource, services: readonly string[], options: UpOptions): Promise<void>;
  pull(source: ComposeSource, services: readonly string[], options: UpOptions): Promise<void>;
}

const configDeadlineMs = 30_000;
const upDeadlineMs = 300_000;
const buildDeadlineMs = 3_600_000;
const maxConfigBytes = 8 * 1024 * 1024;

function globalArgs(source: ComposeSource): string[] {
  return [
    ...['--ansi', 'never', '--progress', 'plain'],
    ...['--project-name', source.project, '--project-directory', source.directory],
    // Always given: without it Compose would look for a file that nobody pinned.
    ...['--env-file', source.envFile ?? '/dev/null'],
    ...source.files.flatMap((file) => ['--file', file]),
    ...source.profiles.flatMap((profile) => ['--profile', profile]),
  ];
}

export function createComposeCli(options: { readonly binary?: string } = {}): ComposeCli {
  let found: Promise<string> | undefined;
  const binary = () => {
    found ??= options.binary ? Promise.resolve(options.binary) : findComposeBinary();
    return found;
  };

  async function run(
    source: ComposeSource,
    args: readonly string[],
    hooks: ChildHooks & { deadlineMs: number; code: string; stdout?: 'lines' | 'captured' },
  ): Promise<ChildResult> {
    return runChild(await binary(), [...globalArgs(source), ...args], {
      ...hooks,
      cwd: source.directory,
      maxOutputBytes: maxConfigBytes,
    });
  }

  async function read(source: ComposeSource, args: readonly string[], hooks: ChildHooks) {
    const code = 'RB_COMPOSE_INVALID';
    try {
      const result = await run(source, ['config', ...args], {
        ...hooks,
        deadlineMs: configDeadlineMs,
        code,
        stdout: 'captured',
      });
      return result.stdout;
    } catch (error) {
      throw await invalidCompose(error, source.files);
    }
  }

  async function change(
    source: ComposeSource,
    args: readonly string[],
    hooks: ChildHooks & { deadlineMs: number; code: string },
    what: string,
  ): Promise<void> {
    try {
      await run(source, args, hooks);
    } catch (error) {
      throw composeError(error, what);
    }
  }

  return {
    config: (source, hooks) => read(source, ['--format', 'json'], hooks),
    draft: (source, hooks) =>
      read(source, ['--format', 'json', '--no-interpolate', '--no-env-resolution'], hooks),
    async configHashes(source, hooks) {
      const text = await read(source, ['--hash', '*'], hooks);
      const pairs = text.trim().split('\n').filter(Boolean);
      return Object.fromEntries(pairs.map((line) => line.split(' ') as [string, string]));
    },
    up: (source, services, { deadlineMs = upDeadlineMs, ...hooks }) =>
      change(
        source,
        ['up', '--detach', '--no-deps', '--no-build', '--pull', 'never', '--', ...services],
        { ...hooks, deadlineMs, code: 'RB_COMPOSE_UP_FAILED' },
        services.join(', '),
      ),
    build: (source, services, { deadlineMs = buildDeadlineMs, ...hooks }) =>
      change(
        source,
        ['build', '--', ...services],
        { ...hooks, deadlineMs, code: 'RB_BUILD_FAILED' },
        services.join(', '),
      ),
    pull: (source, services, { deadlineMs = buildDeadlineMs, ...hooks }) =>
      change(
        source,
        ['pull', '--', ...services],
        { ...hooks, deadlineMs, code: 'RB_PULL_FAILED' },
        services.join(', '),
      ),
  };
}
