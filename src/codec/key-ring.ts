import { keyMissing } from './errors.ts';
import { type CodecKey, type CodecKeys, readKeys } from './key-file.ts';

/** A rotation is noticed this soon; a file that is read for every payload would cost more than the cipher. */
const freshMs = 1000;

/** The keys of a file, as they are now: a rotation reaches processes that run. It never makes a key. */
export class KeyRing {
  readonly path: string;
  private known: ReadonlyMap<string, CodecKey> = new Map();
  private newest: CodecKey | undefined;
  private readAtMs = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The key that encrypts. Throws `RB_CODEC_KEY_MISSING` where there is no file. */
  async current(): Promise<CodecKey> {
    if (performance.now() - this.readAtMs > freshMs) await this.read();
    if (this.newest === undefined) throw keyMissing(this.path);
    return this.newest;
  }

  async find(id: string): Promise<CodecKey | undefined> {
    if (!this.known.has(id)) await this.read();
    return this.known.get(id);
  }

  private read(): Promise<void> {
    this.reading ??= readKeys(this.path)
      .then((keys) => this.take(keys))
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  /** Nothing is encrypted with a key that is on no disk; what is known still decrypts. */
  private take(keys: CodecKeys | undefined): void {
    this.newest = keys?.at(-1);
    this.known = new Map([...this.known, ...(keys ?? []).map((key) => [key.id, key] as const)]);
    this.readAtMs = performance.now();
  }
}
