import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { refuse } from '../../shared/errors.ts';
import type { MintedSecret, SecretStore } from './secret-store.ts';
import { type StoreFiles, versionNumber } from './store-files.ts';
import type { createJournal } from './store-journal.ts';

type Journal = Pick<ReturnType<typeof createJournal>, 'read' | 'keepFingerprint'>;

/** What makes, moves and removes versions. Each may be killed anywhere and repeated. */
export function createVersions(
  files: StoreFiles,
  journal: Journal,
): Pick<SecretStore, 'mint' | 'adopt' | 'mintPending' | 'promote' | 'discard' | 'forget'> {
  async function addFirst(name: string, makeValue: () => string): Promise<MintedSecret> {
    let version = await files.readMark(name, 'current');
    let created = false;
    if (version === undefined) {
      const versions = await files.versions(name);
      if (versions.some((known) => known !== 'v1')) throw labelLost(name, files.secretPath(name));
      await files.prepare(name);
      created = await files.createValue(name, 'v1', makeValue());
      await files.setMarkOnce(name, 'current', 'v1');
      version = 'v1';
    }
    await files.recordMinted(name);
    return { name, version, created };
  }

  /** The next number that no version ever had. */
  async function nextVersion(name: string): Promise<string> {
    const marks = ['current', 'previous', 'discarded'] as const;
    const used = [
      ...(await files.versions(name)),
      ...(await Promise.all(marks.map((mark) => files.readMark(name, mark)))),
      ...(await journal.read(name)).map(({ version }) => version),
    ];
    const numbers = used.map((version) => (version === undefined ? 0 : versionNumber(version)));
    return `v${Math.max(...numbers) + 1}`;
  }

  /** The label comes first: it gives the number to one of several, who all then make the value of that one. */
  async function pendingVersion(name: string, current: string): Promise<string> {
    const pending = await files.readMark(name, 'pending');
    const discarded = await files.readMark(name, 'discarded');
    const isLeftOver = pending === current || pending === discarded;
    if (pending !== undefined && !isLeftOver) return pending;
    const version = await nextVersion(name);
    if (pending !== undefined) await files.dropMark(name, 'pending');
    await files.setMarkOnce(name, 'pending', version);
    return (await files.readMark(name, 'pending')) ?? version;
  }

  return {
    mint: (name, length) => addFirst(name, () => randomSecret(length)),
    adopt: (name, value) => addFirst(name, () => value),

    async mintPending(name, { length, login }) {
      const current = await files.readMark(name, 'current');
      if (current === undefined) throw notMinted(name);
      if (login !== undefined && !isLogin(login)) throw badLogin(name);
      await files.prepare(name);
      const version = await pendingVersion(name, current);
      if ((await files.readValue(name, version)) !== undefined)
        return { name, version, created: false };
      if (login !== undefined) await files.createLogin(name, version, login);
      const created = await files.createValue(name, version, randomSecret(length));
      return { name, version, created };
    },

    async promote(name, version) {
      const current = await files.readMark(name, 'current');
      if (!(await files.versions(name)).includes(version)) throw notMinted(`${name}@${version}`);
      if (current !== version) {
        // Previous first: a crash in between leaves both labels on the old version, and the repeat goes on.
        if (current !== undefined) await files.setMark(name, 'previous', current);
        await files.setMark(name, 'current', version);
      }
      if ((await files.readMark(name, 'pending')) === version)
        await files.dropMark(name, 'pending');
    },

    async discard(name, version) {
      const kept = [await files.readMark(name, 'current'), await files.readMark(name, 'previous')];
      if (kept.includes(version)) throw inForce(name, version);
      const isPending = (await files.readMark(name, 'pending')) === version;
      if (!isPending && !(await files.versions(name)).includes(version)) return;
      await journal.keepFingerprint(name, version, 'discarded');
      // From here on the number is used up, whatever of the rest is done.
      const newest = await files.readMark(name, 'discarded');
      if (newest === undefined || versionNumber(newest) < versionNumber(version))
        await files.setMark(name, 'discarded', version);
      await files.removeVersion(name, version);
      if (isPending) await files.dropMark(name, 'pending');
      await files.removeTemporaries(name);
    },

    async forget(name) {
      const marks = ['current', 'previous', 'pending'] as const;
      const kept = await Promise.all(marks.map((mark) => files.readMark(name, mark)));
      if (kept[0] === undefined) return;
      for (const version of await files.versions(name)) {
        if (kept.includes(version)) continue;
        await journal.keepFingerprint(name, version, 'retired');
        await files.removeVersion(name, version);
      }
      await files.removeTemporaries(name);
    },
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits only: safe in URLs, shells, YAML and environment files. */
export function randomSecret(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Fits on one line of a delivered file, and readers may trim it. */
const isLogin = (login: string) => /^\P{Cc}{1,256}$/u.test(login) && login === login.trim();

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

const inForce = (name: string, version: string) =>
  refuse(
    'RB_SECRET_IN_FORCE',
    `${name}@${version} cannot be taken back`,
    'it is the current version or the one before it',
    'rotate the secret again: the next version takes its place',
  );

const badLogin = (name: string) =>
  refuse(
    'RB_SECRET_LOGIN',
    `the next login of the secret ${name} cannot be kept`,
    'expected 1 to 256 characters on one line, without spaces around them',
    "correct the account's name under credential.account in the platform file",
  );
