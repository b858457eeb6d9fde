import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findComposeBinary } from '../../activities/docker/compose-binary.ts';
import { findComposePlace } from '../../activities/docker/compose-place.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import type { Problem } from '../../shared/problems.ts';
import { CommandError } from '../errors.ts';
import type { Environment } from '../terminal.ts';
import { auditPlatform } from './read-environment.ts';

const deadlineMs = 30_000;

export interface ComposeCheck {
  /** What Compose would do without being asked to: an empty text in place of a variable. */
  readonly warnings: readonly string[];
  /** Why Compose itself was not asked. */
  readonly unchecked?: string;
}

/** Where Compose is; throws `RB_COMPOSE_MISSING`. */
export const composeProgram = (env: Environment): Promise<string> => findComposeBinary(env);

/** Compose files that the platform file names and that are not there. */
export function missingComposeFiles({ compose }: PlatformFile, path: string): Problem[] {
  return compose.files.flatMap((file, index) =>
    existsSync(join(dirname(path), file))
      ? []
      : [
          {
            path: ['compose', 'files', index],
            at: 'value' as const,
            text: `expected a compose file that is there, got "${file}"`,
          },
        ],
  );
}

/**
 * Has Compose read the files of a platform as they stand, with no value filled in, so that none can be printed.
 * Throws `RB_COMPOSE_INVALID`.
 */
export async function checkCompose(
  platform: PlatformFile,
  path: string,
  env: Environment,
): Promise<ComposeCheck> {
  const directory = dirname(path);
  const files = platform.compose.files.map((file) => join(directory, file));
  const compose = await findComposeBinary(env).catch(() => undefined);
  const refusal = compose && (await refusalOf(compose, files, directory, env));
  if (refusal !== undefined) throw invalid(await placed(refusal, files));
  const { must, plain } = await unsetVariables(platform, directory);
  if (must.length > 0) throw invalid(must.join('\n'));
  return {
    warnings: plain,
    ...(compose === undefined ? { unchecked: 'Docker Compose was not found here' } : {}),
  };
}

/** In Compose's words; undefined when it takes the files. */
function refusalOf(
  compose: string,
  files: readonly string[],
  directory: string,
  env: Environment,
): Promise<string | undefined> {
  const args = [
    ...['--ansi', 'never', '--project-directory', directory, '--env-file', '/dev/null'],
    ...files.flatMap((file) => ['--file', file]),
    ...['config', '--quiet', '--no-interpolate', '--no-env-resolution'],
  ];
  const { PATH, HOME, DOCKER_CONFIG } = env;
  const options = { cwd: directory, env: { PATH, HOME, DOCKER_CONFIG }, timeout: deadlineMs };
  return new Promise((resolve) => {
    execFile(compose, args, options, (error, _, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.killed === true) resolve(`it did not answer within ${deadlineMs / 1000} s`);
      else resolve(stderr.trim() || error.message);
    });
  });
}

async function placed(words: string, files: readonly string[]): Promise<string> {
  const place = await findComposePlace(words, files);
  return place === undefined ? words : `${place.at} ${place.what}\n${words}`;
}

/** Variables that the compose files take and nobody declares or sets: a deploy does not generate those. */
async function unsetVariables(platform: PlatformFile, directory: string) {
  const { findings } = await auditPlatform({ platform, directory });
  const unset = findings.filter(
    ({ kind, variable }) =>
      kind === 'missing-required' && !Object.hasOwn(platform.environment.variables, variable),
  );
  const of = (severity: 'error' | 'warning') =>
    unset.filter((finding) => finding.severity === severity).map(({ what }) => what);
  return { must: of('error'), plain: of('warning') };
}

function invalid(why: string): CommandError {
  return new CommandError('RB_COMPOSE_INVALID', 'Compose would refuse the configuration', {
    why,
    fix: 'correct what it names, then validate again',
  });
}
