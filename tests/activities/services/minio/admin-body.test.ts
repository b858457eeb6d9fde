import { expect, test } from 'vitest';
import { decryptBody, encryptBody } from '../../../../src/activities/services/minio/admin-body.ts';

/** Made by madmin-go 3.0.109 with the password `correct horse`, a salt and a nonce that stand in them. */
const header = (algorithm: string) =>
  `WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo${algorithm}AQIDBAUGBw`;
const recorded = {
  'Argon2id with AES-GCM': `${header('A')}h1BYRnEWDOfBSptpCBHmfZyJ3a14/0ft1h+opp2oAzmFyeXAEhUg==`,
  'Argon2id with ChaCha20-Poly1305': `${header('B')}ilg1UtCWyHVkjnto2H9KI+IEbJWX5tgv/R8O8ZCsS3Vd/U4ftlFg==`,
  'PBKDF2 with AES-GCM': `${header('C')}iixl79IL/yftaXN4eANKMtro/CP6qw07NBnySnZHF/ZO9FGHeDSQ==`,
};

test.each(Object.entries(recorded))('reads what MinIO encrypts by %s', async (_name, body) => {
  const plain = await decryptBody('correct horse', Buffer.from(body, 'base64'));
  expect(plain).toBe('{"accountStatus":"on"}');
});

test.each([0, 1, 16_383, 16_384, 16_385, 40_000])(
  'reads its own body of %i bytes',
  async (bytes) => {
    const text = 'x'.repeat(bytes);
    const body = await encryptBody('secret', text);
    expect(await decryptBody('secret', body)).toBe(text);
    expect(body.includes('xxxx')).toBe(false);
  },
);

test('encrypts the same text differently each time', async () => {
  expect(await encryptBody('secret', 'text')).not.toEqual(await encryptBody('secret', 'text'));
});

test('refuses another password, a changed body and one that lost its end', async () => {
  const body = await encryptBody('secret', 'x'.repeat(20_000));
  const changed = Buffer.from(body);
  changed[60] = (changed[60] ?? 0) ^ 1;
  const firstFragment = body.subarray(0, 41 + 16 * 1024 + 16);
  await expect(decryptBody('another', body)).rejects.toThrow();
  await expect(decryptBody('secret', changed)).rejects.toThrow();
  await expect(decryptBody('secret', firstFragment)).rejects.toThrow();
  await expect(decryptBody('secret', body.subarray(0, 50))).rejects.toThrow(
    'not encrypted as expected',
  );
  await expect(decryptBody('secret', Buffer.from('{"Code":"X"}'))).rejects.toThrow('not encrypted');
});
