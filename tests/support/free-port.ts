import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that the kernel hands to outgoing connections: one of those may sit on a server that is down. */
const lowest = 20_000;
const highest = 32_000;

/** A port on the loopback interface that nobody listens on right now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
