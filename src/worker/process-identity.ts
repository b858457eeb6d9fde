import { readdir, readFile } from 'node:fs/promises';

/** A process, told apart from a later one with the same number by its start time (clock ticks since boot). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
}

/** The identity of a running process; undefined when there is none. Zombies count as gone. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const { startTicks } = (await statOf(pid)) ?? {};
  return startTicks === undefined ? undefined : { pid, startTicks };
}

async function statOf(pid: number): Promise<{ group: number; startTicks: string } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command name stands in parentheses and may hold spaces; what follows it is numbered from 3 in proc(5).
  const [state, _parent, group, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = more[16];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { group: Number(group), startTicks };
}

/** Whether a process of this group runs. A number is not given out again while its group has members. */
export async function groupIsAlive(group: number): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => statOf(Number(pid))));
  return stats.some((stat) => stat?.group === group);
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
