import { readdir, readFile } from 'node:fs/promises';

/** A process of a container as this host sees it. */
export interface ContainerProcess {
  readonly pid: number;
  readonly uid: number;
}

/** The processes of containers by container id; empty for one whose processes are not on this host. */
export async function processesOf(
  containerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ContainerProcess[]>> {
  const found = new Map<string, ContainerProcess[]>(containerIds.map((id) => [id, []]));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    pids.map(async (pid) => {
      const cgroup = await textOf(pid, 'cgroup');
      const id = containerIds.find((container) => cgroup.includes(container));
      const uid = id === undefined ? undefined : uidIn(await textOf(pid, 'status'));
      if (id !== undefined && uid !== undefined) found.get(id)?.push({ pid, uid });
    }),
  );
  return found;
}

/** A process may end while it is looked at. */
const textOf = (pid: number, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');

/** The effective one. */
function uidIn(status: string): number | undefined {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/** What everybody who may look at a process can read of it: its arguments and its environment. */
export async function shownBy({ pid }: ContainerProcess): Promise<string> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
      throw error;
    },
  );
  return `${await textOf(pid, 'cmdline')}\0${environment}`;
}
