import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { refuse } from '../../shared/errors.ts';
import { hasCode } from '../files.ts';

/** Files of age: who may read the values that are written from now on, and what reads them here. */
export interface AgeFiles {
  readonly recipients?: string | undefined;
  readonly identity?: string | undefined;
}

export type StoreCipher = ReturnType<typeof createStoreCipher>;

/** Encrypts values for the recipients, where there are any, and decrypts those that are encrypted. */
export function createStoreCipher({ recipients, identity }: AgeFiles) {
  async function decrypt(bytes: Uint8Array, what: string): Promise<string> {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    for (const line of await identityLines(identity)) decrypter.addIdentity(line);
    return decrypter.decrypt(bytes, 'text').catch((error: unknown) => {
      throw undecryptable(what, identity ?? '', error);
    });
  }

  return {
    /** The encrypted value; undefined where values are kept as they are. Only what can be read again is given out. */
    async seal(value: string, what: string): Promise<Uint8Array | undefined> {
      if (recipients === undefined) return undefined;
      const { Encrypter } = await import('age-encryption');
      const encrypter = new Encrypter();
      for (const line of await recipientLines(recipients)) encrypter.addRecipient(line);
      const sealed = await encrypter.encrypt(value);
      if ((await decrypt(sealed, what)) !== value) throw new Error('age gave another value back');
      return sealed;
    },

    /** The value of an encrypted file; undefined where there is none. */
    async openFile(path: string, what: string): Promise<string | undefined> {
      const read = await readIfThere(path);
      if (read === undefined) return undefined;
      const key = `${path}:${read.stats.ino}:${read.stats.mtimeMs}:${identity}`;
      const value = opened.get(key) ?? (await decrypt(read.bytes, what));
      opened.set(key, value);
      return value;
    },
  };
}

/** Decrypting takes milliseconds and every line that is printed asks for every value. Versions never change. */
const opened = new Map<string, string>();

async function readIfThere(path: string): Promise<{ stats: Stats; bytes: Buffer } | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return { stats: await file.stat(), bytes: await file.readFile() };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function recipientLines(path: string): Promise<readonly string[]> {
  const { Encrypter } = await import('age-encryption');
  const read = await readIfThere(path).catch((error: Error) => {
    throw badRecipients(path, `it cannot be read: ${error.message}`);
  });
  if (read === undefined) throw badRecipients(path, 'there is no such file');
  const lines = linesOf(read.bytes);
  if (lines.length === 0) throw badRecipients(path, 'it names no recipient');
  for (const { text, number } of lines) {
    try {
      new Encrypter().addRecipient(text);
    } catch {
      throw badRecipients(path, `line ${number} is no age recipient, which begins with age1`);
    }
  }
  return lines.map(({ text }) => text);
}

/** No error repeats a line: it may be the key. */
async function identityLines(path: string | undefined): Promise<readonly string[]> {
  if (path === undefined)
    throw badIdentity('neither RUNBOOK_AGE_IDENTITY nor secrets.identity names one');
  const { Decrypter } = await import('age-encryption');
  const read = await readIfThere(path).catch((error: Error) => {
    throw badIdentity(`${path} cannot be read: ${error.message}`);
  });
  if (read === undefined) throw badIdentity(`there is no file ${path}`);
  if ((read.stats.mode & 0o077) !== 0)
    throw badIdentity(`${path} can be read by others; it must have mode 0600 or 0400`);
  const lines = linesOf(read.bytes);
  if (lines.length === 0) throw badIdentity(`${path} holds no identity`);
  for (const { text, number } of lines) {
    try {
      new Decrypter().addIdentity(text);
    } catch {
      throw badIdentity(`line ${number} of ${path} is no age identity`);
    }
  }
  return lines.map(({ text }) => text);
}

const linesOf = (bytes: Buffer) =>
  bytes
    .toString('utf8')
    .split('\n')
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));

const badRecipients = (path: string, why: string) =>
  refuse(
    'RB_AGE_RECIPIENTS',
    `secrets cannot be encrypted for the recipients of ${path}`,
    why,
    'correct secrets.recipients in the platform file, or the file that it names',
  );

const badIdentity = (why: string) =>
  refuse(
    'RB_AGE_IDENTITY',
    'encrypted secrets cannot be read: the identity of age is missing or unusable',
    why,
    'set RUNBOOK_AGE_IDENTITY of the worker to the path of the identity file',
  );

function undecryptable(what: string, identity: string, error: unknown) {
  const isForOthers = error instanceof Error && error.message.startsWith('no identity matched');
  return refuse(
    'RB_AGE_IDENTITY',
    `${what} cannot be decrypted`,
    isForOthers
      ? `it is encrypted for others than the identity in ${identity}`
      : 'the file is damaged: it is not what age wrote',
    isForOthers
      ? 'give the identity that it was encrypted for, and put its recipient into the recipients file'
      : 'restore it from a backup of the secrets folder',
  );
}
