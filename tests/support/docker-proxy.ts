import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const dockerSocket = '/var/run/docker.sock';

/** A way to Docker for one worker, which a test can cut without touching the daemon that others use. */
export class DockerProxy {
  private readonly folder: string;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private fuse: RegExp | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<DockerProxy> {
    const proxy = new DockerProxy(await mkdtemp(join(tmpdir(), 'rbtest-docker-')));
    await proxy.accept();
    return proxy;
  }

  /** What the worker gets as DOCKER_HOST. */
  get host(): string {
    return `unix://${this.path}`;
  }

  private get path(): string {
    return join(this.folder, 'docker.sock');
  }

  async accept(): Promise<void> {
    // Docker's clients close their sending side and go on to read.
    this.server = createServer({ allowHalfOpen: true }, (client) => this.pipe(client));
    this.server.listen(this.path);
    await once(this.server, 'listening');
  }

  /** As when the daemon dies: nobody listens any more and open connections break. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.cut();
    if (server) await once(server, 'close');
  }

  /** Refuses once Docker has answered a request like this; the answer gets lost. */
  async refuseAfter(request: RegExp): Promise<void> {
    this.fuse = request;
    await until(`a request like ${request}`, async () => this.server === undefined, 60_000);
  }

  async stop(): Promise<void> {
    await this.refuse();
    await rm(this.folder, { recursive: true, force: true });
  }

  private cut(): void {
    this.server?.close();
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
  }

  private pipe(client: Socket): void {
    const docker = connect({ path: dockerSocket, allowHalfOpen: true });
    let answerIsLost = false;
    client.on('data', (chunk) => {
      docker.write(chunk);
      if (!this.fuse?.test(chunk.toString('latin1'))) return;
      this.fuse = undefined;
      answerIsLost = true;
    });
    docker.on('data', (chunk) => (answerIsLost ? this.cut() : client.write(chunk)));
    for (const [from, to] of [
      [client, docker],
      [docker, client],
    ] as const) {
      this.sockets.add(from);
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
