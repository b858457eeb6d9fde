import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { startUpCodec, type UpCodec } from '../../src/client/up/codec.ts';
import { serverArguments } from '../../src/client/up/temporal-cli.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const packageRoot = join(import.meta.dirname, '..', '..');
/** More than a server says in a test at its most talkative. */
const mostOutputChars = 50_000_000;

export function temporalCli(): string {
  const own = join(packageRoot, '.tools', 'bin', 'temporal');
  return process.env.RUNBOOK_TEMPORAL_CLI ?? (existsSync(own) ? own : 'temporal');
}

/** What decides about keys, for workers and clients alike. */
export interface CodecEnvironment {
  readonly [name: string]: string;
  readonly RUNBOOK_STATE_DIR: string;
  readonly RUNBOOK_CODEC: 'on' | 'off';
}

/** A Temporal dev server of the test's own, as `runbook up` starts it, with a database file that outlives a kill. */
export class TemporalServer {
  readonly address: string;
  readonly uiUrl: string;
  /** Where its database is. */
  readonly folder: string;
  output = '';
  private readonly args: string[];
  /** The codec server that the UI asks, when there is one. */
  readonly codec: UpCodec | undefined;
  private child: ChildProcess | undefined;

  private constructor(
    port: number,
    uiPort: number,
    folder: string,
    codec: UpCodec | undefined,
    logLevel: 'debug' | undefined,
  ) {
    this.codec = codec;
    this.address = `127.0.0.1:${port}`;
    this.uiUrl = `http://127.0.0.1:${uiPort}`;
    this.folder = folder;
    this.args = serverArguments({
      ...{ directory: folder, port, uiPort, namespace: 'default' },
      ...(codec ? { serverSettings: codec.serverSettings } : {}),
    }).map((arg, at, all) => (all[at - 1] === '--log-level' ? (logLevel ?? arg) : arg));
  }

  /** With a codec server for its UI when the environment of a worker is given; it logs errors unless told otherwise. */
  static async start(codecEnv?: CodecEnvironment, logLevel?: 'debug'): Promise<TemporalServer> {
    const folder = await mkdtemp(join(tmpdir(), 'rbtest-temporal-'));
    const uiPort = await freePort();
    const directory = codecEnv?.RUNBOOK_STATE_DIR;
    const codec = directory
      ? await startUpCodec({ directory, env: codecEnv, port: 0, uiPort })
      : undefined;
    const server = new TemporalServer(await freePort(), uiPort, folder, codec, logLevel);
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    // Dies with the test process, however that ends.
    const argv = ['--pdeathsig', 'KILL', '--', temporalCli(), ...this.args];
    const child = spawn('setpriv', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-mostOutputChars);
      });
    }
    this.child = child;
    await until('the Temporal server answers', () => this.answers(), 60_000);
  }

  private async answers(): Promise<boolean> {
    const connection = await Connection.connect({ address: this.address, connectTimeout: 1000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  }

  /** SIGKILL, as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** The files of its database, as bytes of text. */
  async database(): Promise<string> {
    const names = (await readdir(this.folder)).filter((name) => name.startsWith('temporal.db'));
    const files = names.map((name) => readFile(join(this.folder, name), 'latin1'));
    return (await Promise.all(files)).join('');
  }

  async stop(): Promise<void> {
    await this.codec?.server.close();
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
