import { createHmac, timingSafeEqual } from 'node:crypto';
import { join, resolve } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { Platform } from '../../shared/platform-file.ts';
import type { SecretVersion } from '../../shared/secret-history.ts';
import { requireWritable } from '../write-failure.ts';
import type { SecretLabels, SecretStore, StoredSecret } from './secret-store.ts';
import { type AgeFiles, createStoreCipher } from './store-cipher.ts';
import { createStoreFiles, isVersion } from './store-files.ts';
import { createJournal } from './store-journal.ts';
import { createVersions } from './store-versions.ts';

/** The store's name for the secret of an environment variable; no secret item can have it. */
export const variableSecret = (variable: string): string => `env.${variable}`;

/** The folder that holds a platform's store and its delivered files. */
export const secretsDirectory = (platform: Platform): string =>
  join(platform.directory, platform.secrets.directory);

export function openPlatformStore(platform: Platform): SecretStore {
  const { recipients, identity } = platform.secrets;
  const from = (path: string | undefined) => path && resolve(platform.directory, path);
  return openSecretStore(join(secretsDirectory(platform), 'store'), {
    recipients: from(recipients),
    identity: process.env.RUNBOOK_AGE_IDENTITY || from(identity),
  });
}

/** Opens the store in a folder; nothing is written before the first value. */
export function openSecretStore(directory: string, age: AgeFiles = {}): SecretStore {
  const files = createStoreFiles(directory, createStoreCipher(age));

  async function fingerprint(value: string): Promise<string> {
    const key = await files.fingerprintKey();
    return createHmac('sha256', key).update(value).digest('hex').slice(0, 16);
  }

  const journal = createJournal(files, async (name, version) => {
    const value = await files.readValue(name, version);
    return value === undefined ? undefined : fingerprint(value);
  });

  async function read(name: string, version: string): Promise<StoredSecret | undefined> {
    const value = isVersion(version) ? await files.readValue(name, version) : undefined;
    if (value === undefined) return undefined;
    const login = await files.readLogin(name, version);
    return { version, value, ...(login === undefined ? {} : { login }) };
  }

  async function labels(name: string): Promise<SecretLabels> {
    const current = await files.readMark(name, 'current');
    const pending = await files.readMark(name, 'pending');
    const previous = await files.readMark(name, 'previous');
    // The label is there before its value, and until the last file of a discarded version is gone.
    const isPending =
      pending !== undefined &&
      pending !== current &&
      pending !== (await files.readMark(name, 'discarded')) &&
      (await files.versions(name)).includes(pending);
    return {
      ...(current === undefined ? {} : { current }),
      ...(isPending ? { pending } : {}),
      ...(previous === undefined || previous === current ? {} : { previous }),
    };
  }

  async function versions(name: string): Promise<readonly SecretVersion[]> {
    const known = Object.entries(await labels(name));
    const found: SecretVersion[] = [];
    for (const version of await files.versions(name)) {
      const stored = await read(name, version);
      if (stored === undefined) continue;
      const label = known.find(([, labelled]) => labelled === version)?.[0];
      found.push({
        version,
        ...(stored.login === undefined ? {} : { login: stored.login }),
        mintedAt: await files.writtenAt(name, version),
        ...(label === undefined ? {} : { label: label as keyof SecretLabels }),
        fingerprint: await fingerprint(stored.value),
      });
    }
    return found;
  }

  return {
    ...createVersions(files, journal),
    read,
    labels,
    versions,
    note: journal.note,
    requireWritable: (name) => requireWritable(files.secretPath(name)),

    async requireWhole(name, version) {
      const known = await journal.fingerprintOf(name, version);
      const value = known === undefined ? undefined : await files.readValue(name, version);
      if (value === undefined || (await fingerprint(value)) === known) return;
      throw valueChanged(name, version);
    },

    journal: journal.read,
    fingerprint,

    async readCurrent(name) {
      const version = await files.readMark(name, 'current');
      if (version === undefined) return undefined;
      const stored = await read(name, version);
      if (stored === undefined) throw valueLost(name, version);
      return { name, ...stored };
    },

    async versionOf(name, value) {
      for (const version of await files.versions(name)) {
        const known = await files.readValue(name, version);
        if (known !== undefined && isSame(known, value)) return version;
      }
      const events = await journal.read(name);
      return events.length === 0 ? undefined : journal.versionWith(name, await fingerprint(value));
    },

    async allValues() {
      const values: string[] = [];
      for (const name of await files.names()) {
        for (const version of await files.versions(name)) {
          const value = await files.readValue(name, version);
          if (value !== undefined) values.push(value);
        }
      }
      return values;
    },

    everMinted: async () => new Set(await files.listOf('.minted')),
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const valueChanged = (name: string, version: string) =>
  refuse(
    'RB_STORE_DAMAGED',
    `the value of ${name}@${version} is not the one that was minted`,
    'its file in the store was cut off or edited since: its fingerprint is not that of the journal',
    'restore the file from a backup of the secrets folder, then retry; or undo, if the version is on its way only',
  );

const valueLost = (name: string, version: string) =>
  refuse(
    'RB_STORE_DAMAGED',
    `the value of ${name}@${version} is gone`,
    'the store says that it is the current one, and has no file for it',
    'restore the store from a backup of the secrets folder',
  );
