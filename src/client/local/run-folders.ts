import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../../shared/platform-file.ts';
import type { RunReport } from '../../shared/report.ts';
import { runFolderPrefix } from '../../shared/run-folder.ts';
import type { Environment } from '../terminal.ts';
import { stateDirectory } from './paths.ts';

/** The folders of a run on this machine, the newest first; none where the worker is another machine's. */
export async function runFolders(run: string, env: Environment): Promise<readonly string[]> {
  const all = join(stateDirectory(env), 'runs');
  const prefix = runFolderPrefix(run);
  const names = await readdir(all).catch(() => []);
  const own = names.filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length)),
  );
  const found = await Promise.all(
    own.map(async (name) => {
      const folder = join(all, name);
      const facts = await stat(folder).catch(() => undefined);
      return { folder, at: facts?.mtimeMs ?? 0 };
    }),
  );
  return found.sort((a, b) => b.at - a.at).map(({ folder }) => folder);
}

/** The report that the worker has kept of a run that has ended, and where. */
export async function keptReport(
  run: string,
  env: Environment,
): Promise<{ readonly report: RunReport; readonly folder: string } | undefined> {
  for (const folder of await runFolders(run, env)) {
    const report = (await readJson(join(folder, 'report.json'))) as RunReport | undefined;
    // Ids that differ in signs only have folders that are called alike.
    if (report?.schema === 'runbook.report/v1' && report.run === run) return { report, folder };
  }
  return undefined;
}

/** The platform as the run has pinned it. */
export async function pinnedPlatform(run: string, env: Environment): Promise<Platform | undefined> {
  const [folder] = await runFolders(run, env);
  return folder === undefined
    ? undefined
    : ((await readJson(join(folder, 'platform.json'))) as Platform | undefined);
}

async function readJson(path: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
