import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface LeaderChange {
  /** Undefined while nobody leads. */
  readonly leader: string | undefined;
  readonly atMs: number;
}

/** Every change of Patroni's leader key, as etcd tells it: what polls would miss is seen. */
export class LeaderWatch {
  readonly changes: LeaderChange[] = [];
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static start(container: string, key: string): LeaderWatch {
    // A process inside a container outlives its client, so it has a deadline of its own.
    const watch = ['timeout', '300', 'etcdctl', 'watch', key];
    const argv = ['--pdeathsig', 'KILL', '--', 'docker', 'exec', container, ...watch];
    const child = spawn('setpriv', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
    const leaders = new LeaderWatch(child);
    // PUT, key, value; or DELETE, key, nothing.
    let event: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      event.push(line);
      if (event.length < 3) return;
      const [kind, , value] = event;
      event = [];
      leaders.changes.push({ leader: kind === 'PUT' ? value : undefined, atMs: Date.now() });
    });
    return leaders;
  }

  /** How long nobody led, each time. */
  gapsMs(): number[] {
    return this.changes.flatMap(({ leader, atMs }, index) => {
      if (leader !== undefined) return [];
      return [(this.changes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) - atMs];
    });
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
