import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ContainerStart {
  readonly service: string;
  readonly atMs: number;
}

/** Every start of a project's containers, in order, as the engine tells it to anybody who listens. */
export class ContainerStarts {
  private readonly seen: ContainerStart[] = [];
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static listen(project: string): ContainerStarts {
    const filters = ['event=start', `label=com.docker.compose.project=${project}`];
    const format = '{{.TimeNano}} {{index .Actor.Attributes "com.docker.compose.service"}}';
    const argv = ['docker', 'events', '--format', format];
    for (const filter of filters) argv.push('--filter', filter);
    // Dies with the test process, however that ends.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const starts = new ContainerStarts(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [nanoseconds = '', service = ''] = line.split(' ');
      starts.seen.push({ service, atMs: Number(nanoseconds) / 1e6 });
    });
    return starts;
  }

  /** What started since the last call. */
  take(): ContainerStart[] {
    return this.seen.splice(0);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

/** How often each service's container was started. */
export function countByService(starts: readonly ContainerStart[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service } of starts) counts[service] = (counts[service] ?? 0) + 1;
  return counts;
}
