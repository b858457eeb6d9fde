import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { prebuiltBundle } from './prebuilt-bundle.ts';
import { until } from './until.ts';

const packageRoot = join(import.meta.dirname, '..', '..');

export interface WorkerOptions {
  readonly address: string;
  readonly stateDirectory: string;
  readonly platformFiles: readonly string[];
  readonly heartbeatTimeoutMs?: number;
  /** The script to run instead of the product's own entry. */
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real worker in a process of its own, which tests can kill, freeze and thaw. */
export class WorkerProcess {
  readonly options: WorkerOptions;
  output = '';
  private bundle = '';
  private child: ChildProcess | undefined;

  private constructor(options: WorkerOptions) {
    this.options = options;
  }

  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const worker = new WorkerProcess(options);
    worker.bundle = await prebuiltBundle();
    worker.spawn();
    await worker.ready();
    return worker;
  }

  spawn(env: Readonly<Record<string, string>> = {}): void {
    const { address, stateDirectory, platformFiles, heartbeatTimeoutMs } = this.options;
    const script = this.options.script ?? join(packageRoot, 'src', 'worker', 'main.ts');
    this.output = '';
    const argv = ['--pdeathsig', 'KILL', '--', process.execPath, script];
    const child = spawn('setpriv', argv, {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: address,
        RUNBOOK_STATE_DIR: stateDirectory,
        RUNBOOK_PLATFORMS: platformFiles.join(':'),
        RUNBOOK_WORKFLOW_BUNDLE: this.bundle,
        RUNBOOK_HEARTBEAT_TIMEOUT_MS: String(heartbeatTimeoutMs ?? 8000),
        ...this.options.env,
        ...env,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-200_000);
      });
    }
    this.child = child;
  }

  async ready(): Promise<void> {
    await until(
      'the worker is ready',
      async () => !this.runs() || this.output.includes('worker ready'),
      60_000,
    );
    if (!this.runs()) throw new Error(`the worker ended: ${this.output.slice(-2000)}`);
  }

  runs(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when the process has ended, whoever ended it. */
  async ended(): Promise<void> {
    if (this.child && this.runs()) await once(this.child, 'exit');
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  /** A clean shutdown; killed when it takes too long. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), 25_000);
    await this.ended();
    clearTimeout(timer);
  }
}
