import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import { Name } from '../../shared/name.ts';
import {
  createFileExclusive,
  ensureDirectory,
  hasCode,
  readTextIfExists,
  syncDirectory,
} from '../files.ts';

type Label = 'pending' | 'current' | 'previous';

/** The files of a store, with names checked before they become paths. */
export function createStoreFiles(directory: string) {
  const secretPath = (name: string) => join(directory, checkedName(name));
  const labelPath = (name: string, label: Label) => join(secretPath(name), label);
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
      (await listOf(checkedName(name)))
        .filter(isVersion)
        .sort((a, b) => versionNumber(a) - versionNumber(b)),
    readVersion: (name: string, version: string) =>
      readFile(join(secretPath(name), version), 'utf8'),

    async prepare(name: string): Promise<void> {
      await ensureDirectory(directory, 0o700);
      await ensureDirectory(secretPath(name), 0o700);
    },

    async readLabel(name: string, label: Label): Promise<string | undefined> {
      try {
        const version = await readlink(labelPath(name, label));
        return isVersion(version) ? version : undefined;
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },

    /** Of several who set it, the first one wins. */
    async setLabelOnce(name: string, label: Label, version: string): Promise<void> {
      try {
        await symlink(version, labelPath(name, label));
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      await syncDirectory(secretPath(name));
    },

    async setLabel(name: string, label: Label, version: string): Promise<void> {
      const path = labelPath(name, label);
      const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
      await symlink(version, temporary);
      await rename(temporary, path);
      await syncDirectory(dirname(path));
    },

    async dropLabel(name: string, label: Label): Promise<void> {
      await rm(labelPath(name, label), { force: true });
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

const isVersion = (version: string) => /^v[1-9]\d{0,8}$/.test(version);
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
