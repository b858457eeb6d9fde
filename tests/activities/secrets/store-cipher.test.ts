import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test, vi } from 'vitest';
import {
  deliveredVersion,
  stageDelivery,
  swapDelivery,
} from '../../../src/activities/secrets/deliver.ts';
import { deliverSecrets } from '../../../src/activities/secrets/deliver-current.ts';
import { secretValues } from '../../../src/activities/secrets/redactor.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import { ownUid, temporaryPlatform } from './platform.ts';

const noFence = async () => {};

/** A platform whose store is encrypted for one recipient, with the identity beside it. */
async function encrypted() {
  const deliver = { web: ownUid };
  const platform = await temporaryPlatform({
    secrets: {
      recipients: 'recipients',
      identity: 'identity',
      items: { root: { description: 'd', deliver } },
    },
  });
  const file = (name: string) => join(platform.directory, name);
  const identity = await generateIdentity();
  await writeFile(file('identity'), `# a comment\n${identity}\n`, { mode: 0o600 });
  await writeFile(file('recipients'), `# ops\n${await identityToRecipient(identity)}\n`);
  const kept = (name: string) => file(join('.secrets/store/root', name));
  return { platform, store: openPlatformStore(platform), identity, file, kept };
}

test('values are written for the recipients, and any age reads them', async () => {
  const { store, identity, kept } = await encrypted();
  expect(await store.mint('root', 32)).toMatchObject({ version: 'v1', created: true });
  expect(await store.mint('root', 32)).toMatchObject({ version: 'v1', created: false });
  const value = (await store.readCurrent('root'))?.value;
  expect(value).toMatch(/^[A-Za-z0-9]{32}$/);
  expect((await readdir(kept('.'))).sort()).toEqual(['current', 'v1.age']);
  expect(await readFile(kept('v1.age'), 'latin1')).not.toContain(value);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  expect(await decrypter.decrypt(await readFile(kept('v1.age')), 'text')).toBe(value);
});

test('a whole rotation works on encrypted values', async () => {
  const { platform, store, kept } = await encrypted();
  await store.mint('root', 32);
  await deliverSecrets(platform, noFence);
  const minted = await Promise.all(
    Array.from({ length: 5 }, () =>
      openPlatformStore(platform).mintPending('root', { length: 32, login: 'app_b' }),
    ),
  );
  expect(minted.filter(({ created }) => created)).toHaveLength(1);
  await stageDelivery(platform, 'root', 'v2', noFence);
  await swapDelivery(platform, 'root', 'v2', noFence);
  await store.promote('root', 'v2');
  expect(await deliveredVersion(platform, 'root')).toEqual({ web: 'v2' });
  expect((await store.versions('root')).map(({ label }) => label)).toEqual(['previous', 'current']);
  expect(await secretValues(platform)).toHaveLength(2);
  await store.mintPending('root', { length: 32 });
  await store.discard('root', 'v3');
  await store.mintPending('root', { length: 32 });
  await store.promote('root', 'v4');
  await store.forget('root');
  expect((await readdir(kept('.'))).filter((file) => file.endsWith('.age')).sort()).toEqual([
    'v2.age',
    'v4.age',
  ]);
});

test('values that were there before stay as they are, and the next one is encrypted', async () => {
  const { platform, store, kept } = await encrypted();
  const plain = openPlatformStore({
    ...platform,
    secrets: { ...platform.secrets, recipients: undefined, identity: undefined },
  });
  await plain.mint('root', 32);
  const first = await plain.readCurrent('root');
  expect(await store.readCurrent('root')).toEqual(first);
  expect(await store.mint('root', 32)).toMatchObject({ created: false });
  await store.mintPending('root', { length: 32 });
  expect((await readdir(kept('.'))).sort()).toEqual(['current', 'pending', 'v1', 'v2.age']);
  await expect(plain.read('root', 'v2')).rejects.toMatchObject({ code: 'RB_AGE_IDENTITY' });
});

test('the identity of the worker wins over that of the platform file', async () => {
  const { platform, store, file } = await encrypted();
  await store.mint('root', 32);
  await writeFile(file('other'), `${await generateIdentity()}\n`, { mode: 0o600 });
  vi.stubEnv('RUNBOOK_AGE_IDENTITY', file('other'));
  try {
    await expect(openPlatformStore(platform).readCurrent('root')).rejects.toMatchObject({
      code: 'RB_AGE_IDENTITY',
      message: 'root@v1 cannot be decrypted',
      why: `it is encrypted for others than the identity in ${file('other')}`,
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('nothing is written that could not be read again', async () => {
  const { store, file, kept } = await encrypted();
  await writeFile(file('recipients'), `${await identityToRecipient(await generateIdentity())}\n`);
  await expect(store.mint('root', 32)).rejects.toMatchObject({ code: 'RB_AGE_IDENTITY' });
  expect(await readdir(kept('.'))).toEqual([]);
});

test.each([
  ['there is no file', (path: string) => rm(path)],
  ['can be read by others', (path: string) => chmod(path, 0o640)],
  ['holds no identity', (path: string) => writeFile(path, '# none\n')],
  ['is no age identity', (path: string) => writeFile(path, 'AGE-SECRET-KEY-1NOTONE\n')],
])('says what is wrong with an identity: %s', async (why, spoil) => {
  const { store, file } = await encrypted();
  await spoil(file('identity'));
  const refusal = store.mint('root', 32);
  await expect(refusal).rejects.toMatchObject({
    code: 'RB_AGE_IDENTITY',
    why: expect.stringContaining(why),
  });
  await expect(refusal).rejects.not.toMatchObject({ why: expect.stringContaining('NOTONE') });
});

test.each([
  ['there is no such file', (path: string) => rm(path)],
  ['it names no recipient', (path: string) => writeFile(path, '\n# nobody\n')],
  ['line 2 is no age recipient', (path: string) => writeFile(path, '\nage1short\n')],
])('says what is wrong with the recipients: %s', async (why, spoil) => {
  const { store, file } = await encrypted();
  await spoil(file('recipients'));
  await expect(store.mint('root', 32)).rejects.toMatchObject({
    code: 'RB_AGE_RECIPIENTS',
    why: expect.stringContaining(why),
  });
});

test('a damaged file is told from a wrong identity', async () => {
  const { store, kept } = await encrypted();
  await store.mint('root', 32);
  const bytes = await readFile(kept('v1.age'));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(kept('v1.age'), bytes);
  await expect(store.readCurrent('root')).rejects.toMatchObject({
    code: 'RB_AGE_IDENTITY',
    why: 'the file is damaged: it is not what age wrote',
  });
});
