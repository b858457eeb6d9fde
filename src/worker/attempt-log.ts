import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { clipStart } from '../report/text.ts';
import { limits } from '../shared/limits.ts';

export type Redact = (text: string) => string;

/** What one attempt prints: redacted, cut at its limit, written every beat so that a crash loses little. */
export class AttemptLog {
  private pending: string[] = [];
  private bytes = 0;
  private cut = false;
  private tail = '';
  private lastFlush: Promise<unknown> = Promise.resolve();
  private readonly path: string;
  private readonly redact: () => Promise<Redact>;

  constructor(path: string, redact: () => Promise<Redact>) {
    this.path = path;
    this.redact = redact;
  }

  add(line: string): void {
    if (this.cut) return;
    this.bytes += Buffer.byteLength(line) + 1;
    this.cut = this.bytes > limits.logBytes;
    this.pending.push(this.cut ? '(output cut here)' : line);
  }

  /** Writes what has come since the last flush, after that one: the end of an attempt may meet a beat. */
  flush(): Promise<void> {
    const mine = this.lastFlush.then(() => this.write());
    this.lastFlush = mine.catch(() => undefined);
    return mine;
  }

  private async write(): Promise<void> {
    if (this.pending.length === 0) return;
    // First of all: without a redactor the lines stay for the next flush.
    const redact = await this.redact();
    const redacted = redact(`${this.pending.splice(0).join('\n')}\n`);
    this.tail = clipStart(this.tail + redacted, limits.outputTailBytes);
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await appendFile(this.path, redacted, { mode: 0o600 });
  }

  /** The last words, as flushed. */
  lastWords(): string {
    return this.tail;
  }
}
