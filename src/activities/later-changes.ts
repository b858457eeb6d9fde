import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunReport } from '../shared/report.ts';
import { readTextIfExists } from './files.ts';

/**
 * Whether another run has changed the platform after the one whose folder is given, and the change still stands.
 * One without a report counts: it is at work, or gone itself.
 */
export async function isChangedSince(directory: string, platform: string): Promise<boolean> {
  const since = await lastAct(directory);
  const root = dirname(directory);
  for (const name of await readdir(root)) {
    const other = join(root, name);
    if (other === directory || (await lastAct(other)) <= since) continue;
    if (await stillStands(other, platform)) return true;
  }
  return false;
}

/** When the run last began an act, in ms; 0 for one that never did. */
const lastAct = (directory: string): Promise<number> =>
  stat(join(directory, 'acted')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

async function stillStands(directory: string, platform: string): Promise<boolean> {
  const report = await readTextIfExists(join(directory, 'report.json'));
  if (report !== undefined) {
    const { platform: own, changed } = JSON.parse(report) as RunReport;
    return own === platform && changed;
  }
  const pinned = await readTextIfExists(join(directory, 'platform.json'));
  return pinned === undefined || (JSON.parse(pinned) as { name: string }).name === platform;
}
