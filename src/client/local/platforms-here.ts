import { resolve } from 'node:path';
import type { ErrorFacts } from '../../shared/errors.ts';
import type { PlatformFile } from '../../shared/platform-file.ts';
import { completeFacts, knownError } from '../errors.ts';
import { factLines } from '../render/error.ts';
import { shellWord } from '../render/text.ts';
import { type Session, warn } from '../session.ts';
import { readDefinitions } from './definitions.ts';
import { shownPath } from './paths.ts';
import { parsePlatform, readPlatformText } from './read-platforms.ts';
import { chosenPlatformFiles } from './worker-environment.ts';

interface GoodPlatform {
  readonly path: string;
  readonly platform: PlatformFile;
}

interface BrokenPlatform {
  readonly path: string;
  readonly error: Required<ErrorFacts>;
}

interface PlatformsHere {
  readonly good: readonly GoodPlatform[];
  readonly broken: readonly BrokenPlatform[];
}

/** Every file by itself: one that is wrong does not hide the others. */
export async function readEach(files: readonly string[], cwd: string): Promise<PlatformsHere> {
  const definitions = await readDefinitions();
  const read = await Promise.all(
    [...new Set(files.map((file) => resolve(cwd, file)))].map(
      async (path): Promise<GoodPlatform | BrokenPlatform> => {
        try {
          const text = await readPlatformText(path);
          return { path, platform: parsePlatform(text, shownPath(path, cwd), definitions) };
        } catch (error) {
          return { path, error: completeFacts(error) };
        }
      },
    ),
  );
  const parsed = read.filter((one) => 'platform' in one);
  const twins = ({ platform }: GoodPlatform) =>
    parsed.filter((other) => other.platform.name === platform.name);
  return {
    good: parsed.filter((one) => twins(one).length === 1),
    broken: [
      ...read.filter((one) => 'error' in one),
      ...parsed
        .filter((one) => twins(one).length > 1)
        .map((one) => ({ path: one.path, error: namedTwice(one, twins(one), cwd) })),
    ],
  };
}

function namedTwice(
  { platform, path }: GoodPlatform,
  twins: readonly GoodPlatform[],
  cwd: string,
): Required<ErrorFacts> {
  const others = twins
    .filter((twin) => twin.path !== path)
    .map((twin) => shownPath(twin.path, cwd));
  return {
    code: 'RB_PLATFORM_TWICE',
    what: `${shownPath(path, cwd)} is not the only file of a platform ${platform.name}`,
    why: `so is ${others.join(', ')}`,
    fix: 'give one of them another name',
  };
}

/** The files that a worker started here would know: those that are named, else configured, else found. */
export const platformsHere = async (
  named: readonly string[],
  { env, cwd }: Pick<Session, 'env' | 'cwd'>,
): Promise<PlatformsHere> => readEach(await chosenPlatformFiles(env, cwd, named), cwd);

/**
 * Before a worker starts: a file that is wrong is told here, not in the log of a worker or at the first run. A worker
 * serves the platforms of the others; it is refused where the command names that file, or where no other is left.
 */
export async function requirePlatforms(named: readonly string[], session: Session): Promise<void> {
  const { good, broken } = await platformsHere(named, session);
  const [first, ...others] = broken;
  if (first === undefined) return;
  if (named.length > 0 || good.length === 0) {
    throw knownError(others.length === 0 ? first.error : allOf(broken, first), { changed: false });
  }
  const { style, width } = session.terminal.stderr;
  const names = good.map(({ platform }) => platform.name).join(', ');
  for (const { path, error } of broken) {
    const { code, what, why } = error;
    const facts = {
      ...{ code, what },
      why: `${why}\nruns that need it are refused; those of ${names} are not`,
      fix: `correct it; runbook validate ${shellWord(shownPath(path, session.cwd))} says when it is right, and the worker needs no restart`,
    };
    warn(session, factLines('warning', facts, {}, width(), style));
  }
}

function allOf(broken: readonly BrokenPlatform[], { error }: BrokenPlatform): ErrorFacts {
  return {
    code: error.code,
    what: `${broken.length} platform files are wrong`,
    why: broken.map(({ error: { what, why } }) => `${what}: ${why}`).join('\n'),
    fix: 'correct them; runbook validate FILE says when one is right',
  };
}
