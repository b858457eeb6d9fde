import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shownPath, stateDirectory } from '../local/paths.ts';
import { readEach } from '../local/platforms-here.ts';
import { chosenPlatformFiles } from '../local/worker-environment.ts';
import { shellWord } from '../render/text.ts';
import type { Session } from '../session.ts';
import { isRunning, readNote } from '../up/note.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const name = 'platform file';

/** A row a file: those that the worker of `up` was started with, else those that one started here would know. */
export async function platformFindings({
  env,
  cwd,
}: Pick<Session, 'env' | 'cwd'>): Promise<readonly Finding[]> {
  const here = join(cwd, 'platform.yaml');
  const files = [...(await workerFiles(env, cwd)), ...(existsSync(here) ? [here] : [])];
  const { good, broken } = await readEach(files, cwd);
  if (good.length + broken.length === 0) return [warn(name, 'there is none here', 'runbook init')];
  return [
    ...good.map(({ path, platform }) => ok(name, `${shownPath(path, cwd)} (${platform.name})`)),
    ...broken.map(({ path, error: { code, what, why, fix } }) => {
      const word = shellWord(shownPath(path, cwd));
      const isContent = code === 'RB_FILE_INVALID';
      return fail(
        name,
        `${code}: ${isContent ? why : `${what}: ${why}`}`,
        isContent ? `correct it, then runbook validate ${word}` : fix,
      );
    }),
  ];
}

async function workerFiles(env: Session['env'], cwd: string): Promise<readonly string[]> {
  const note = await readNote(stateDirectory(env));
  const running = note !== undefined && (await isRunning(note)) ? note.platforms : undefined;
  return running ?? chosenPlatformFiles(env, cwd, []);
}
