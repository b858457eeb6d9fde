import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { addKey, makeKeysOnce } from '../../src/codec/key-file.ts';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { codecSettings } from '../../src/codec/settings.ts';
import { temporaryFolder } from '../worker/support/temporary-folder.ts';

const canary = 'canary-4711';
const value = { word: canary };
const plain = defaultPayloadConverter.toPayload(value);
const wordIn = (payload: Payload) => defaultPayloadConverter.fromPayload(payload);

async function codecOf(RUNBOOK_CODEC: 'on' | 'off' = 'on') {
  const settings = codecSettings({ RUNBOOK_CODEC }, await temporaryFolder());
  const [key] = await makeKeysOnce(settings.keyFile);
  return { codec: createPayloadCodec(settings), settings, key };
}

const read = (payload: Payload | undefined, name: string) =>
  Buffer.from(payload?.metadata?.[name] ?? []).toString();

test('what is encoded is readable with its key only, and says which that is', async () => {
  const { codec, key } = await codecOf();
  const [sealed] = await codec.encode([plain]);
  expect(read(sealed, 'encoding')).toBe('binary/encrypted');
  expect(read(sealed, 'encryption-key-id')).toBe(key.id);
  expect(
    JSON.stringify(sealed, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    ),
  ).not.toContain(canary);
  expect((await codec.decode([sealed as Payload])).map(wordIn)).toEqual([value]);
});

test('the same payload is never sealed twice in the same way', async () => {
  const { codec } = await codecOf();
  const [one, two] = await codec.encode([plain, plain]);
  expect(one?.data).not.toEqual(two?.data);
});

test('what is plain passes the decoder unchanged', async () => {
  const { codec } = await codecOf();
  expect(await codec.decode([plain])).toEqual([plain]);
});

test('no payload at all needs no key', async () => {
  const codec = createPayloadCodec(codecSettings({}, join(await temporaryFolder(), 'none')));
  expect(await codec.encode([])).toEqual([]);
});

test('after a rotation, in a process that runs already, old payloads are readable and new ones have the new key', async () => {
  const { codec, settings } = await codecOf();
  const [old] = await codec.encode([plain]);
  const { id } = await addKey(settings.keyFile);
  const [fresh] = await createPayloadCodec(settings).encode([plain]);
  expect(read(fresh, 'encryption-key-id')).toBe(id);
  expect((await codec.decode([old, fresh] as Payload[])).map(wordIn)).toEqual([value, value]);
  await expect
    .poll(async () => read((await codec.encode([plain]))[0], 'encryption-key-id'))
    .toBe(id);
});

test('off encrypts nothing, and still reads what was encrypted', async () => {
  const { codec, settings } = await codecOf('off');
  expect(await codec.encode([plain])).toEqual([plain]);
  const [sealed] = await createPayloadCodec({ ...settings, encrypt: true }).encode([plain]);
  expect((await codec.decode([sealed as Payload])).map(wordIn)).toEqual([value]);
});

describe('refuses', () => {
  test('a payload of a key that it does not have: the error names the key, the file and the fix', async () => {
    const [ours, theirs] = [await codecOf(), await codecOf()];
    const sealed = await theirs.codec.encode([plain]);
    const { path } = { path: ours.settings.keyFile };
    await expect(ours.codec.decode(sealed)).rejects.toMatchObject({
      code: 'RB_CODEC_KEY_UNKNOWN',
      message: `a payload is encrypted with the key ${theirs.key.id}, which is not known here`,
      why: `${path} has no key of that id`,
      fix: expect.stringContaining(`bring the line that begins with ${theirs.key.id} into it`),
    });
  });

  test('to encrypt without a key: it makes none that no worker has', async () => {
    const { codec, settings } = await codecOf();
    await rm(settings.keyFile);
    await expect(codec.encode([plain])).rejects.toMatchObject({
      code: 'RB_CODEC_KEY_MISSING',
      why: expect.stringContaining(settings.keyFile),
    });
    expect(await makeKeysOnce(settings.keyFile)).toHaveLength(1);
  });

  test.each([
    ['changed', (data: Uint8Array) => data.map((byte, index) => (index === 20 ? byte ^ 1 : byte))],
    ['cut off', (data: Uint8Array) => data.subarray(0, -1)],
    ['empty', () => new Uint8Array()],
  ])('a payload that was %s', async (_what, spoil) => {
    const { codec, key } = await codecOf();
    const [sealed] = await codec.encode([plain]);
    const spoilt = { ...sealed, data: spoil(sealed?.data ?? new Uint8Array()) };
    await expect(codec.decode([spoilt as Payload])).rejects.toMatchObject({
      code: 'RB_CODEC_PAYLOAD',
      message: expect.stringContaining(key.id),
    });
  });

  test('a payload without a key id, or with one that is no word, in words that a terminal bears', async () => {
    const { codec } = await codecOf();
    for (const id of ['', '\u001b[2Jx']) {
      const metadata = {
        encoding: Buffer.from('binary/encrypted'),
        'encryption-key-id': Buffer.from(id),
      };
      const error = await codec
        .decode([{ metadata, data: Buffer.alloc(40) }])
        .catch((reason) => reason);
      expect(error).toMatchObject({ code: 'RB_CODEC_KEY_UNKNOWN' });
      expect(error.message).not.toContain('\u001b');
    }
  });
});

test.each([
  [{}, true],
  [{ RUNBOOK_CODEC: '' }, true],
  [{ RUNBOOK_CODEC: 'on' }, true],
  [{ RUNBOOK_CODEC: 'off' }, false],
])('%j: new payloads are encrypted: %s', (env, encrypt) => {
  expect(codecSettings(env, '/state')).toEqual({ encrypt, keyFile: '/state/codec-keys' });
});

test.each(['0', 'false', 'Off', 'none'])('RUNBOOK_CODEC=%s is refused', (word) => {
  expect(() => codecSettings({ RUNBOOK_CODEC: word }, '/state')).toThrow(
    `RUNBOOK_CODEC is "${word}"`,
  );
});

test('RUNBOOK_CODEC_KEY_FILE names the key file', () => {
  const env = { RUNBOOK_CODEC_KEY_FILE: '/keys/ours' };
  expect(codecSettings(env, '/state').keyFile).toBe('/keys/ours');
});
