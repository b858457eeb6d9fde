import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import { createFileExclusive } from '../files.ts';
import { createStoreFiles, versionNumber } from './store-files.ts';

/** A secret's identity without its value. */
interface SecretReference {
  readonly name: string;
  readonly version: string;
}

interface MintedSecret extends SecretReference {
  /** False when the value was there already. */
  readonly created: boolean;
}

interface CurrentSecret extends SecretReference {
  readonly value: string;
}

/**
 * Secrets in versions that are written once and never changed, with labels that say which one is in force.
 * Every operation may be repeated and raced: the first value that reached the disk wins.
 */
export interface SecretStore {
  /** Makes the first value; one that is there wins. */
  mint(name: string, length: number): Promise<MintedSecret>;
  /** Keeps a value that is already in use as the first version; one that is there wins. */
  adopt(name: string, value: string): Promise<MintedSecret>;
  readCurrent(name: string): Promise<CurrentSecret | undefined>;
  /** Makes the value that a rotation moves to; one that is pending wins. */
  mintPending(name: string, length: number): Promise<MintedSecret>;
  /** Makes a version current and the one before it previous. */
  promote(name: string, version: string): Promise<void>;
  /** Which version holds the value, if any. */
  versionOf(name: string, value: string): Promise<string | undefined>;
  /** Every value of every version: what must not be printed. */
  allValues(): Promise<readonly string[]>;
  /** Names that ever had a value; they stay when the value is lost. */
  everMinted(): Promise<ReadonlySet<string>>;
  /** Tells values apart without showing them; useless without this store's key. */
  fingerprint(value: string): Promise<string>;
}

/** The store's name for the secret of an environment variable; no secret item can have it. */
export const variableSecret = (variable: string): string => `env.${variable}`;

/** The folder that holds a platform's store and its delivered files. */
export const secretsDirectory = (platform: Platform): string =>
  join(platform.directory, platform.secrets.directory);

export const openPlatformStore = (platform: Platform): SecretStore =>
  openSecretStore(join(secretsDirectory(platform), 'store'));

/** Opens the store in a folder; nothing is written before the first value. */
export function openSecretStore(directory: string): SecretStore {
  const files = createStoreFiles(directory);

  async function addFirst(name: string, makeValue: () => string): Promise<MintedSecret> {
    const path = files.secretPath(name);
    let version = await files.readLabel(name, 'current');
    let created = false;
    if (version === undefined) {
      const versions = await files.versions(name);
      if (versions.some((known) => known !== 'v1')) throw labelLost(name, path);
      await files.prepare(name);
      created = await createFileExclusive(join(path, 'v1'), makeValue(), { mode: 0o600 });
      await files.setLabelOnce(name, 'current', 'v1');
      version = 'v1';
    }
    await files.recordMinted(name);
    return { name, version, created };
  }

  return {
    mint: (name, length) => addFirst(name, () => randomSecret(length)),
    adopt: (name, value) => addFirst(name, () => value),

    async readCurrent(name) {
      const version = await files.readLabel(name, 'current');
      if (version === undefined) return undefined;
      return { name, version, value: await files.readVersion(name, version) };
    },

    async mintPending(name, length) {
      const current = await files.readLabel(name, 'current');
      if (current === undefined) throw notMinted(name);
      const pending = await files.readLabel(name, 'pending');
      if (pending !== undefined && pending !== current)
        return { name, version: pending, created: false };
      const version = `v${versionNumber(current) + 1}`;
      await files.prepare(name);
      const path = join(files.secretPath(name), version);
      const created = await createFileExclusive(path, randomSecret(length), { mode: 0o600 });
      await files.setLabel(name, 'pending', version);
      return { name, version, created };
    },

    async promote(name, version) {
      const current = await files.readLabel(name, 'current');
      if (!(await files.versions(name)).includes(version)) throw notMinted(`${name}@${version}`);
      if (current !== version) {
        // Previous first: a crash in between leaves both labels on the old version, and the repeat goes on.
        if (current !== undefined) await files.setLabel(name, 'previous', current);
        await files.setLabel(name, 'current', version);
      }
      if ((await files.readLabel(name, 'pending')) === version)
        await files.dropLabel(name, 'pending');
    },

    async versionOf(name, value) {
      for (const version of await files.versions(name)) {
        if (isSame(await files.readVersion(name, version), value)) return version;
      }
      return undefined;
    },

    async allValues() {
      const values: string[] = [];
      for (const name of await files.names()) {
        for (const version of await files.versions(name)) {
          values.push(await files.readVersion(name, version));
        }
      }
      return values;
    },

    everMinted: async () => new Set(await files.listOf('.minted')),

    async fingerprint(value) {
      const key = await files.fingerprintKey();
      return createHmac('sha256', key).update(value).digest('hex').slice(0, 16);
    },
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits only: safe in URLs, shells, YAML and environment files. */
export function randomSecret(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const notMinted = (name: string) =>
  refuse(
    'RB_SECRET_UNKNOWN',
    `the secret ${name} is not in the store`,
    'only a secret that exists can move to another version',
    'run `runbook start deploy`, which generates missing secrets',
  );

const labelLost = (name: string, path: string) =>
  refuse(
    'RB_STORE_DAMAGED',
    `the store has several versions of ${name} and does not say which one is current`,
    `the label ${join(path, 'current')} is gone`,
    `restore it: ln -s VERSION ${join(path, 'current')}`,
  );
