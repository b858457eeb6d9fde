import { setTimeout as delay } from 'node:timers/promises';
import { secretValues } from './secret-leaks.ts';

/** Remembers every value that a platform's store ever has: those of versions that are taken back or forgotten too. */
export class ValueWatch {
  private readonly values = new Map<string, string>();
  private goesOn = true;
  private readonly watching: Promise<void>;

  private constructor(directory: string) {
    this.watching = this.watch(directory);
  }

  static start(directory: string): ValueWatch {
    return new ValueWatch(directory);
  }

  async stop(): Promise<ReadonlyMap<string, string>> {
    this.goesOn = false;
    await this.watching;
    return this.values;
  }

  private async watch(directory: string): Promise<void> {
    for (; this.goesOn; await delay(20)) {
      // One that is taken back meanwhile was seen before, or is not there any more.
      const now = await secretValues(directory).catch(() => []);
      for (const [name, value] of now) this.values.set(name, value);
    }
  }
}
