import type { Beat, Waiting } from '../shared/waiting.ts';
import type { Redact } from './attempt-log.ts';

interface BeatParts {
  readonly send: (beat: Beat) => void;
  readonly lastWords: () => string;
  readonly redact: () => Promise<Redact>;
}

/** The heartbeats of one attempt: its last words, and what it waits for. */
export class Beats {
  private waiting: Waiting | undefined;
  private last: Promise<void> = Promise.resolve();
  private ended = false;
  private readonly step: string;
  private readonly parts: BeatParts;

  constructor(step: string, parts: BeatParts) {
    this.step = step;
    this.parts = parts;
  }

  send(): void {
    if (this.ended) return;
    const waiting = this.waiting === undefined ? {} : { waiting: this.waiting };
    this.parts.send({ step: this.step, lastWords: this.parts.lastWords(), ...waiting });
  }

  /** Whoever watches sees it with a beat of its own, not only with the next one. */
  waitFor(waiting: Waiting | undefined): void {
    // One after the other: to redact reads files.
    this.last = this.last.then(async () => {
      this.waiting = await this.redacted(waiting);
      this.send();
    });
  }

  end(): void {
    this.ended = true;
  }

  private async redacted(waiting: Waiting | undefined): Promise<Waiting | undefined> {
    if (waiting === undefined) return undefined;
    const redact = await this.parts.redact().catch(() => undefined);
    return redact && { ...waiting, for: redact(waiting.for) };
  }
}
