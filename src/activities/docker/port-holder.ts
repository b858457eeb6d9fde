import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

const listening = '0A';

/** `name (pid n)` for each process of this host that listens on the TCP port, as far as it may be seen. */
export async function processesOnPort(port: number): Promise<readonly string[]> {
  const inodes = new Set(
    (await Promise.all(['tcp', 'tcp6'].map((table) => listenersIn(table, port)))).flat(),
  );
  if (inodes.size === 0) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => describeHolder(pid, inodes)));
  return found.flatMap((words) => words ?? []);
}

async function listenersIn(table: string, port: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    return local?.endsWith(`:${hex}`) && state === listening && inode ? [inode] : [];
  });
}

/** Undefined for a process that does not hold the socket, has gone, or may not be looked at. */
async function describeHolder(
  pid: string,
  inodes: ReadonlySet<string>,
): Promise<string | undefined> {
  try {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      // Only the program: the other arguments may hold anything.
      const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      return `${basename(program) || 'a process'} (pid ${pid})`;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
