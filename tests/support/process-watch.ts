import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** What processes show to everybody: command lines and environments. */
export interface SeenProcesses {
  readonly commands: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
}

/** Whose environments are read: of all processes, those in containers too, or of those that descend from this one. */
type Whose = 'all' | 'descendants';

/** Looks at every process, again and again, until it is told to stop. */
export class ProcessWatch {
  private readonly commands = new Set<string>();
  private readonly environments = new Set<string>();
  private goesOn = true;
  private looks = 0;
  private readonly watching: Promise<void>;

  private constructor(whose: Whose) {
    this.watching = this.watch(whose);
  }

  static start(whose: Whose = 'descendants'): ProcessWatch {
    return new ProcessWatch(whose);
  }

  async stop(): Promise<SeenProcesses & { readonly looks: number }> {
    this.goesOn = false;
    await this.watching;
    const { commands, environments, looks } = this;
    return { commands, environments, looks };
  }

  private async watch(whose: Whose): Promise<void> {
    // Also the watched ones need the processor.
    for (; this.goesOn; await delay(10)) {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const parents = new Map<string, string>();
      await Promise.all(
        pids.map(async (pid) => {
          this.commands.add(await read(pid, 'cmdline'));
          // The name of a program can hold anything; what follows it cannot.
          const [, parent = ''] = /\) \S (\d+)/.exec(await read(pid, 'stat')) ?? [];
          parents.set(pid, parent);
        }),
      );
      const asked = whose === 'all' ? pids : pids.filter((pid) => descends(pid, parents));
      await Promise.all(
        asked.map(async (pid) => this.environments.add(await read(pid, 'environ'))),
      );
      this.looks += 1;
    }
  }
}

function descends(pid: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at = parents.get(pid); at !== undefined && at !== '0'; at = parents.get(at)) {
    if (at === String(process.pid)) return true;
  }
  return false;
}

/** Empty for a process that has gone meanwhile. */
const read = (pid: string, file: string) =>
  readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
