import { setTimeout as delay } from 'node:timers/promises';

/** A worker may be started before its server: keeps trying for a minute. */
export async function connectWithPatience<T>(connect: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2000)) {
    try {
      return await connect();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(pauseMs);
    }
  }
}
