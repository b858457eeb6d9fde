import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse } from '../shared/errors.ts';
import type { LogEntry, LogRequest, RunLog } from '../shared/run-log.ts';
import type { Phase } from '../shared/step-context.ts';
import { runDirectory, stepFileName } from './run-directory.ts';

/** The answer travels as one payload. */
const answerBytes = 1024 * 1024;

/** `<start in ms>.<step>.<attempt>.<phase>.log`: sorted by name they are sorted by time. */
export function logFileName(
  step: string,
  attempt: number,
  phase: Phase,
  startedMs: number,
): string {
  return `${startedMs}.${stepFileName(step)}.${attempt}.${phase}.log`;
}

export const createLogActivities = (deps: { stateDirectory: string }) => ({
  /** Reads only, so a retry is safe. */
  async readLog(request: LogRequest): Promise<RunLog> {
    const directory = join(
      runDirectory(deps.stateDirectory, request.run, request.execution),
      'logs',
    );
    const names = await readdir(directory).catch(() => undefined);
    if (!names) {
      throw refuse(
        'RB_NO_LOG',
        `no output is kept for ${request.run}`,
        'the run printed nothing, or another host keeps its state directory',
        'ask on the host of the worker that ran it',
      );
    }
    return readEntries(directory, names.sort(), request.step);
  },
});

async function readEntries(
  directory: string,
  names: readonly string[],
  wanted: string | undefined,
): Promise<RunLog> {
  const entries: LogEntry[] = [];
  let bytes = 0;
  for (const name of names) {
    const [startedMs, step = '', attempt, phase] = name.split('.');
    if (wanted !== undefined && step !== stepFileName(wanted)) continue;
    const text = await readFile(join(directory, name), 'utf8');
    bytes += Buffer.byteLength(text);
    if (bytes > answerBytes) return { entries, truncated: true };
    const at = new Date(Number(startedMs)).toISOString();
    entries.push({
      step: step.replaceAll('+', '/'),
      attempt: Number(attempt),
      phase: phase as Phase,
      at,
      text,
    });
  }
  return { entries, truncated: false };
}
