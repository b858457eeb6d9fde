import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { PlatformCopy } from './platform-copy.ts';

/** A stranger on the port of the mini platform's web service: a cause of failure that a test can mend. */
export class PortHolder {
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async of(platform: PlatformCopy): Promise<PortHolder> {
    const text = await platform.read('platform.yaml');
    const [, port] = /WEB_PORT:\n.*\n +default: "(\d+)"/.exec(text) ?? [];
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    return new PortHolder(server);
  }

  async end(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }
}
