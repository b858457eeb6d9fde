import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformCopy } from './platform-copy.ts';

/** How often the compose file says something new, so that no two runs read the same. */
const tickMs = 40;

const acts = ['act-1', 'act-2', 'act-3'];

/** Each container writes down itself when it begins and ends, and which edition of the file it was made from. */
const script =
  'echo "$$EDITION $$SELF begin $$(date +%s%N)" >> /effects/acts.log; sleep 0.4; echo "$$EDITION $$SELF end $$(date +%s%N)" >> /effects/acts.log';

const composeText = (edition: number, image: string) =>
  JSON.stringify({
    services: Object.fromEntries(
      acts.map((act, index) => [
        act,
        {
          image,
          build: '.',
          entrypoint: ['sh', '-c', script],
          environment: { EDITION: String(edition), SELF: act },
          volumes: ['./effects:/effects'],
          ...(index === 0
            ? {}
            : {
                depends_on: { [`act-${index}`]: { condition: 'service_completed_successfully' } },
              }),
        },
      ]),
    ),
  });

/** What one run did, as its containers tell it: nothing of ours has a say in it. */
export interface Footprint {
  readonly edition: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** `act-1 begin` and its kin, in order. */
  readonly acts: readonly string[];
}

/**
 * Makes a copy of mini a platform on which every deploy has three jobs to run, one after the other: its compose file
 * changes all the time, and each run that reads it works from an edition of its own.
 */
export class EditionPlatform {
  private readonly platform: PlatformCopy;
  private edition = 0;
  private timer: NodeJS.Timeout | undefined;
  private written: Promise<void> = Promise.resolve();

  private constructor(platform: PlatformCopy) {
    this.platform = platform;
  }

  static async make(platform: PlatformCopy, extra = ''): Promise<EditionPlatform> {
    const services = acts
      .map((act) => `  ${act}: { kind: one-shot, healthTimeout: 30s, minHealthyTime: 0s }\n`)
      .join('');
    await platform.edit('platform.yaml', (text) =>
      text.replace(/\nenvironment:[\s\S]*$/, `\n${extra}services:\n${services}`),
    );
    const made = new EditionPlatform(platform);
    await made.next();
    return made;
  }

  /** Lets the file change until `stop`. */
  start(): void {
    this.timer = setInterval(() => {
      this.written = this.written.then(() => this.next());
    }, tickMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.written;
  }

  private async next(): Promise<void> {
    this.edition += 1;
    const path = join(this.platform.directory, 'compose.yaml');
    const image = `runbook-mini:${this.platform.name}`;
    await writeFile(`${path}.new`, composeText(this.edition, image));
    await rename(`${path}.new`, path);
  }

  async footprints(): Promise<Footprint[]> {
    const text = await this.platform.read('effects/acts.log').catch(() => '');
    const byEdition = new Map<string, Footprint>();
    for (const line of text.split('\n').filter(Boolean)) {
      const [edition = '', act = '', event = '', nanoseconds = ''] = line.split(' ');
      const atMs = Number(nanoseconds) / 1e6;
      const known = byEdition.get(edition) ?? { edition, fromMs: atMs, toMs: atMs, acts: [] };
      byEdition.set(edition, {
        edition,
        fromMs: Math.min(known.fromMs, atMs),
        toMs: Math.max(known.toMs, atMs),
        acts: [...known.acts, `${act} ${event}`],
      });
    }
    return [...byEdition.values()].sort((a, b) => a.fromMs - b.fromMs);
  }
}

/** Pairs of runs of which one began before the other had ended. */
export function overlaps(footprints: readonly Footprint[]): string[] {
  return footprints.flatMap((one, index) =>
    footprints
      .slice(index + 1)
      .filter((other) => other.fromMs < one.toMs && one.fromMs < other.toMs)
      .map((other) => `${one.edition} and ${other.edition}`),
  );
}

/** What an undisturbed deploy does. */
export const wholeFootprint = acts.flatMap((act) => [`${act} begin`, `${act} end`]);
