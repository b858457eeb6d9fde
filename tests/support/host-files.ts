import { readFile, stat, watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from './docker-shown.ts';
import { textsBelow } from './secret-leaks.ts';

/** Where shells and clients of databases and buckets write down what was typed. */
const historyFiles = [
  ...['.bash_history', '.ash_history', '.zsh_history', '.sh_history', '.history'],
  ...['.psql_history', '.pgpass', '.python_history', '.node_repl_history'],
  ...['.mc/config.json', '.mc/config.json.old', '.mcli/config.json'],
];

/** Those of one home that there are. */
export async function shellHistories(home: string): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const path of historyFiles.map((name) => join(home, name))) {
    const text = await readFile(path, 'latin1').catch(() => undefined);
    if (text !== undefined) places.push([path, text]);
  }
  return places;
}

/** Larger files are databases of others. */
const mostBytes = 4 * 1024 * 1024;

/** Reads each file as soon as it appears or changes in a folder: temporary ones do not wait to be found. */
export class FileWatch {
  private readonly seen = new Map<string, Set<string>>();
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;

  private constructor(directory: string, ignored: RegExp) {
    this.watching = this.watch(directory, ignored);
  }

  /** Names in the folder that match `ignored` are looked at by somebody else. */
  static start(directory: string, ignored = /^$/): FileWatch {
    return new FileWatch(directory, ignored);
  }

  async stop(): Promise<readonly Place[]> {
    this.stopping.abort();
    await this.watching;
    return [...this.seen].flatMap(([path, texts]) => [...texts].map((text): Place => [path, text]));
  }

  private async watch(directory: string, ignored: RegExp): Promise<void> {
    const reading: Promise<void>[] = [];
    try {
      for await (const { filename } of watch(directory, { signal: this.stopping.signal })) {
        if (filename !== null && !ignored.test(filename))
          reading.push(this.look(join(directory, filename)));
      }
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error;
    }
    await Promise.all(reading);
  }

  private async look(path: string): Promise<void> {
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) {
      for (const [below, text] of await textsBelow(path)) this.keep(below, text);
    } else if (stats?.isFile() && stats.size <= mostBytes) {
      this.keep(path, await readFile(path, 'latin1').catch(() => ''));
    }
  }

  private keep(path: string, text: string): void {
    this.seen.set(path, (this.seen.get(path) ?? new Set()).add(text));
  }
}
