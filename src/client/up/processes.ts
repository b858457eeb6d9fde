import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process by its number and its start, for numbers are used again. */
export interface ProcessId {
  readonly pid: number;
  /** In clock ticks since boot, as the kernel tells it. */
  readonly startedTicks: string;
}

/** The process that has this number now; undefined when there is none, or only its remains. */
export async function processId(pid: number): Promise<ProcessId | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command stands in parentheses and may hold spaces itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedTicks] = [fields[0], fields[19]];
  return state === 'Z' || startedTicks === undefined ? undefined : { pid, startedTicks };
}

export async function isAlive({ pid, startedTicks }: ProcessId): Promise<boolean> {
  return (await processId(pid))?.startedTicks === startedTicks;
}

/** Signals the process only while it is still the one that was meant. */
export async function signalProcess(id: ProcessId, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(id))) return;
  try {
    process.kill(id.pid, signal);
  } catch {
    // It has ended in between.
  }
}

export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Who listens on a TCP port of this machine, as far as /proc lets this user see. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (sockets.has(target)) return { pid: Number(pid), command: await commandOf(pid) };
    }
  }
  return undefined;
}

async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const listening = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables
    .flatMap((text) => text.split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/));
  return new Set(
    rows
      .filter((row) => row[1]?.endsWith(suffix) && row[3] === listening)
      .map((row) => `socket:[${row[9]}]`),
  );
}

async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').join(' ').trim().slice(0, 120);
}
