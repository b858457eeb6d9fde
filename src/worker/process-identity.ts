import { readFile } from 'node:fs/promises';

/** A process, told apart from a later one with the same number by its start time (clock ticks since boot). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
}

/** The identity of a running process; undefined when there is none. Zombies count as gone. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command name stands in parentheses and may hold spaces; state is the field after it, start the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { pid, startTicks };
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startTicks === process.startTicks;
}

let own: Promise<ProcessIdentity | undefined> | undefined;

/** This process; it does not change, so it is looked up once. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  own ??= identify(process.pid);
  const identity = await own;
  if (!identity) throw new Error('this process cannot read its own /proc entry');
  return identity;
}
