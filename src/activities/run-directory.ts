import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runFolderPrefix } from '../shared/run-folder.ts';

/** The folder of one run. Its id is only a readable prefix; the hash over id and execution is what tells runs apart. */
export function runDirectory(stateDirectory: string, run: string, execution: string): string {
  const digest = createHash('sha256').update(`${run}\n${execution}`).digest('hex').slice(0, 12);
  return join(stateDirectory, 'runs', `${runFolderPrefix(run)}${digest}`);
}

/** A step's id as a file name: ids may carry service names, and `/` between a fan-out and its target. */
export function stepFileName(step: string): string {
  return step
    .replaceAll('/', '+')
    .replaceAll(/[^A-Za-z0-9_+-]+/g, '-')
    .slice(0, 100);
}
