import { appendFile, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type LogName = 'temporal' | 'worker' | 'up';

const largestBytes = 10 * 1024 * 1024;
const tailLines = 12;

export const logPath = (directory: string, name: LogName) => join(directory, 'logs', `${name}.log`);

/**
 * Keeps one older file: logs are bounded by how much is written between two starts. Returns where
 * the new lines will start.
 */
export async function rotateLog(directory: string, name: LogName): Promise<number> {
  const path = logPath(directory, name);
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size <= largestBytes) return size;
  await rename(path, `${path}.1`);
  return 0;
}

export const openLog = (directory: string, name: LogName) =>
  open(logPath(directory, name), 'a', 0o600);

export async function tellLog(directory: string, line: string, now: Date): Promise<void> {
  await appendFile(logPath(directory, 'up'), `${now.toISOString()} ${line}\n`, { mode: 0o600 });
}

/** The last lines that were written after `from`, for an error that has its cause there. */
export async function logTail(directory: string, name: LogName, from: number): Promise<string> {
  const bytes = await readFile(logPath(directory, name)).catch(() => Buffer.alloc(0));
  return bytes.subarray(from).toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
}
