import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import { Name } from '../../shared/name.ts';
import type { SecretLabel } from '../../shared/secret-history.ts';
import {
  createFileExclusive,
  ensureDirectory,
  hasCode,
  readTextIfExists,
  syncDirectory,
} from '../files.ts';
import type { StoreCipher } from './store-cipher.ts';

/** `discarded` names the newest version that was taken back, so that its number is not used again. */
type Mark = SecretLabel | 'discarded';

export type StoreFiles = ReturnType<typeof createStoreFiles>;

/** The files of a store, with names and versions checked before they become paths. */
export function createStoreFiles(directory: string, cipher: StoreCipher) {
  const secretPath = (name: string) => join(directory, checkedName(name));
  const markPath = (name: string, mark: Mark) => join(secretPath(name), mark);
  const valuePath = (name: string, version: string) =>
    join(secretPath(name), checkedVersion(version));
  const agePath = (name: string, version: string) => `${valuePath(name, version)}.age`;
  const loginPath = (name: string, version: string) => `${valuePath(name, version)}.login`;
  const listOf = async (folder: string) => {
    try {
      return await readdir(join(directory, folder));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  };

  return {
    secretPath,
    listOf,
    names: async () => (await listOf('.')).filter(isSecretName),
    versions: async (name: string) =>
      [...new Set((await listOf(checkedName(name))).map((file) => file.replace(/\.age$/, '')))]
        .filter(isVersion)
        .sort((a, b) => versionNumber(a) - versionNumber(b)),

    readValue: async (name: string, version: string) =>
      (await readTextIfExists(valuePath(name, version))) ??
      cipher.openFile(agePath(name, version), `${name}@${version}`),
    readLogin: (name: string, version: string) => readTextIfExists(loginPath(name, version)),
    writtenAt: async (name: string, version: string) => {
      const path = valuePath(name, version);
      const { mtime } = await stat(path).catch(() => stat(agePath(name, version)));
      return mtime.toISOString();
    },
    /** Encrypted, where the store is; one that is there in either form wins. */
    async createValue(name: string, version: string, value: string): Promise<boolean> {
      const [plain, encrypted] = [valuePath(name, version), agePath(name, version)];
      if ((await listOf(checkedName(name))).some((file) => isFormOf(version, file))) return false;
      const sealed = await cipher.seal(value, `${name}@${version}`);
      return sealed === undefined
        ? createFileExclusive(plain, value, { mode: 0o600 })
        : createFileExclusive(encrypted, sealed, { mode: 0o600 });
    },
    createLogin: (name: string, version: string, login: string) =>
      createFileExclusive(loginPath(name, version), login, { mode: 0o600 }),

    /** The value first: what is left after a crash opens nothing. */
    async removeVersion(name: string, version: string): Promise<void> {
      await rm(valuePath(name, version), { force: true });
      await rm(agePath(name, version), { force: true });
      await rm(loginPath(name, version), { force: true });
      await syncDirectory(secretPath(name));
    },

    /** What a killed writer left; only for who holds the lock of the secret's service. */
    async removeTemporaries(name: string): Promise<void> {
      for (const file of await listOf(checkedName(name))) {
        if (file.includes('.tmp-')) await rm(join(secretPath(name), file), { force: true });
      }
    },

    async prepare(name: string): Promise<void> {
      await ensureDirectory(directory, 0o700);
      await ensureDirectory(secretPath(name), 0o700);
    },

    async readMark(name: string, mark: Mark): Promise<string | undefined> {
      try {
        const version = await readlink(markPath(name, mark));
        return isVersion(version) ? version : undefined;
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },

    /** Of several who set it, the first one wins. */
    async setMarkOnce(name: string, mark: Mark, version: string): Promise<void> {
      try {
        await symlink(version, markPath(name, mark));
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      await syncDirectory(secretPath(name));
    },

    async setMark(name: string, mark: Mark, version: string): Promise<void> {
      const path = markPath(name, mark);
      const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
      await symlink(version, temporary);
      await rename(temporary, path);
      await syncDirectory(dirname(path));
    },

    async dropMark(name: string, mark: Mark): Promise<void> {
      await rm(markPath(name, mark), { force: true });
      await syncDirectory(secretPath(name));
    },

    /** After the value is on disk: a name without its value then means that the value was lost. */
    async recordMinted(name: string): Promise<void> {
      if ((await listOf('.minted')).includes(name)) return;
      await ensureDirectory(join(directory, '.minted'), 0o700);
      await createFileExclusive(join(directory, '.minted', checkedName(name)), '', { mode: 0o600 });
    },

    async fingerprintKey(): Promise<string> {
      const path = join(directory, '.fingerprint-key');
      const known = await readTextIfExists(path);
      if (known !== undefined) return known;
      await ensureDirectory(directory, 0o700);
      await createFileExclusive(path, randomBytes(32).toString('hex'), { mode: 0o600 });
      return readFile(path, 'utf8');
    },
  };
}

export const isVersion = (version: string) => /^v[1-9]\d{0,8}$/.test(version);
const isFormOf = (version: string, file: string) => file === version || file === `${version}.age`;
export const versionNumber = (version: string) => Number(version.slice(1));

const isSecretName = (name: string) =>
  Name.safeParse(name).success || /^env\.[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);

function checkedName(name: string): string {
  if (isSecretName(name)) return name;
  throw refuse(
    'RB_SECRET_NAME',
    'a secret has a name that cannot be a file name',
    'expected lower-case letters, digits, "-" and "_"',
    'rename the secret in the platform file',
  );
}

function checkedVersion(version: string): string {
  if (isVersion(version)) return version;
  throw refuse(
    'RB_SECRET_NAME',
    'a version of a secret has a name that cannot be a file name',
    `expected "v" and a number such as v3, got ${JSON.stringify(version.slice(0, 40))}`,
    'take a version that `runbook secrets show NAME` lists',
  );
}
