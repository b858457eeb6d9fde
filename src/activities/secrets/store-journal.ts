import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type SecretEvent, secretEvents } from '../../shared/secret-history.ts';
import { readTextIfExists, syncDirectory } from '../files.ts';
import { writeFailureOr } from '../write-failure.ts';
import { isVersion, type StoreFiles } from './store-files.ts';

const Event = z.object({
  at: z.string(),
  version: z.string().refine(isVersion),
  event: z.enum(secretEvents),
  run: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** What happened to a secret's versions, a line each, kept for good. A line that a crash cut off is passed over. */
export function createJournal(
  files: StoreFiles,
  fingerprintOf: (name: string, version: string) => Promise<string | undefined>,
) {
  const pathOf = (name: string) => join(files.secretPath(name), 'journal.jsonl');

  async function read(name: string): Promise<readonly SecretEvent[]> {
    const text = (await readTextIfExists(pathOf(name))) ?? '';
    return text.split('\n').flatMap((line) => {
      const event = Event.safeParse(parseOrNothing(line));
      return event.success ? [event.data as SecretEvent] : [];
    });
  }

  /** A version's fingerprint is in its lines, so that it is known when the value is removed. */
  async function note(name: string, event: SecretEvent): Promise<void> {
    if ((await read(name)).some((known) => sameWords(known, event))) return;
    const fingerprint = await fingerprintOf(name, event.version);
    const facts = { ...event.facts, ...(fingerprint === undefined ? {} : { fingerprint }) };
    await files.prepare(name);
    await append(pathOf(name), JSON.stringify({ ...event, facts }));
    await syncDirectory(files.secretPath(name));
  }

  return {
    read,
    note,
    /** Before a value is removed: makes sure that its fingerprint stays known. */
    async keepFingerprint(name: string, version: string, event: 'retired' | 'discarded') {
      const own = (await read(name)).filter((known) => known.version === version);
      if (own.some(({ facts }) => facts?.fingerprint !== undefined)) return;
      const run = own.at(-1)?.run ?? 'unknown';
      await note(name, { at: new Date().toISOString(), version, event, run });
    },
    /** That of the version's first line: a value never changes. */
    async fingerprintOf(name: string, version: string): Promise<string | undefined> {
      const own = (await read(name)).filter((known) => known.version === version);
      const first = own.find(({ facts }) => facts?.fingerprint !== undefined);
      return first?.facts?.fingerprint as string | undefined;
    },
    async versionWith(name: string, fingerprint: string): Promise<string | undefined> {
      return (await read(name)).find(({ facts }) => facts?.fingerprint === fingerprint)?.version;
    },
  };
}

/** A retry of who was killed between the line and the answer is the same line. */
function sameWords(known: SecretEvent, event: SecretEvent): boolean {
  const words = ({ version, event: what, run, facts }: SecretEvent) => {
    const { fingerprint: _, ...rest } = facts ?? {};
    return JSON.stringify([version, what, run, Object.entries(rest).sort()]);
  };
  return words(known) === words(event);
}

async function append(path: string, line: string): Promise<void> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  try {
    await using file = await open(path, flags, 0o600);
    const { size } = await file.stat();
    const last = Buffer.alloc(1, '\n');
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // A line of its own, also after one that a crash cut off.
    await file.appendFile(`${last.toString() === '\n' ? '' : '\n'}${line}\n`);
    await file.sync();
  } catch (error) {
    throw writeFailureOr(error, path);
  }
}

function parseOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
