import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type ProcessId, processId } from './processes.ts';

/** How long server and worker may take to answer. */
export const readyDeadlineMs = 60_000;

/** What a running `up` leaves in the state directory for `down`, other commands and the next `up`. */
export interface UpNote {
  readonly schema: 'runbook.up/v1';
  readonly supervisor: ProcessId;
  readonly address: string;
  readonly namespace: string;
  readonly uiPort: number;
  readonly codecPort: number;
  /** The files that its worker was started with, as whole paths; absent in notes of earlier versions. */
  readonly platforms?: readonly string[];
  /** The server was there before; only the worker is ours. */
  readonly adopted: boolean;
  readonly ready: boolean;
  readonly children: Readonly<Record<string, ProcessId>>;
}

const notePath = (directory: string) => join(directory, 'up.json');

export async function readNote(directory: string): Promise<UpNote | undefined> {
  try {
    const note = JSON.parse(await readFile(notePath(directory), 'utf8')) as UpNote;
    return note.schema === 'runbook.up/v1' ? note : undefined;
  } catch {
    return undefined;
  }
}

export async function isRunning(note: UpNote): Promise<boolean> {
  return isAlive(note.supervisor);
}

/** Takes the place of the one `up` of this state directory; false when another has it. */
export async function claimNote(directory: string, note: UpNote): Promise<boolean> {
  const text = JSON.stringify(note, undefined, 2);
  try {
    await writeFile(notePath(directory), text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const existing = await readNote(directory);
  if (existing !== undefined && (await isRunning(existing))) return false;
  await removeNote(directory);
  return claimNote(directory, note);
}

/** Whole or not at all: other commands read it at any moment. */
export async function writeNote(directory: string, note: UpNote): Promise<void> {
  const path = notePath(directory);
  await writeFile(`${path}.new`, JSON.stringify(note, undefined, 2), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export async function removeNote(directory: string): Promise<void> {
  await rm(notePath(directory), { force: true });
}

/** The processes of a note that are still there. */
export async function livingChildren(note: UpNote): Promise<readonly ProcessId[]> {
  const children = Object.values(note.children);
  const alive = await Promise.all(children.map(isAlive));
  return children.filter((_, index) => alive[index]);
}

export async function ownProcessId(): Promise<ProcessId> {
  return (await processId(process.pid)) ?? { pid: process.pid, startedTicks: '' };
}
