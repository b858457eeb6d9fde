import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  pbkdf2Sync,
  randomBytes,
} from 'node:crypto';
import { argon2id } from 'hash-wasm';

/**
 * The bodies of MinIO's admin interface: encrypted with a key that is derived from the caller's secret, as
 * madmin-go does it (`encrypt.go`): salt (32 bytes), algorithm (1), nonce (8), fragments. We write PBKDF2, which
 * Node has and which takes no memory from the server; it answers with Argon2id and 64 MiB.
 */
const saltBytes = 32;
const nonceBytes = 8;
const headerBytes = saltBytes + 1 + nonceBytes;
const fragmentBytes = 16 * 1024;
const tagBytes = 16;

const algorithms = {
  0: { cipher: 'aes-256-gcm', derive: byArgon2id },
  1: { cipher: 'chacha20-poly1305', derive: byArgon2id },
  2: { cipher: 'aes-256-gcm', derive: byPbkdf2 },
} as const;
const ours = 2;

export async function encryptBody(password: string, text: string): Promise<Buffer> {
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)];
  const { cipher, derive } = algorithms[ours];
  const key = await derive(password, salt);
  const data = Buffer.from(text);
  const fragments = Array.from({ length: Math.ceil(data.length / fragmentBytes) || 1 }, (_, at) =>
    data.subarray(at * fragmentBytes, (at + 1) * fragmentBytes),
  ).map((plain, at, { length }) => {
    const sealed = createCipheriv(asGcm(cipher), key, fragmentNonce(nonce, at + 1), {
      authTagLength: tagBytes,
    });
    sealed.setAAD(associatedData(cipher, key, nonce, at + 1 === length));
    return Buffer.concat([sealed.update(plain), sealed.final(), sealed.getAuthTag()]);
  });
  return Buffer.concat([salt, Buffer.of(ours), nonce, ...fragments]);
}

/** Throws when the body was not made with this password, was changed, or was cut. */
export async function decryptBody(password: string, body: Buffer): Promise<string> {
  const algorithm = algorithms[body[saltBytes] as keyof typeof algorithms];
  if (body.length < headerBytes + tagBytes || algorithm === undefined) {
    throw new Error('an answer of the admin interface is not encrypted as expected');
  }
  const { cipher } = algorithm;
  const key = await algorithm.derive(password, body.subarray(0, saltBytes));
  const nonce = body.subarray(saltBytes + 1, headerBytes);
  const plain: Buffer[] = [];
  for (let start = headerBytes, sequence = 1; start < body.length; sequence++) {
    const end = Math.min(start + fragmentBytes + tagBytes, body.length);
    const opened = createDecipheriv(asGcm(cipher), key, fragmentNonce(nonce, sequence), {
      authTagLength: tagBytes,
    });
    opened.setAAD(associatedData(cipher, key, nonce, end === body.length));
    opened.setAuthTag(body.subarray(end - tagBytes, end));
    plain.push(opened.update(body.subarray(start, end - tagBytes)), opened.final());
    start = end;
  }
  return Buffer.concat(plain).toString('utf8');
}

/** Binds every fragment to the stream, and the last one to being the last. */
function associatedData(cipher: string, key: Buffer, nonce: Buffer, isLast: boolean): Buffer {
  const empty = createCipheriv(asGcm(cipher), key, fragmentNonce(nonce, 0), {
    authTagLength: tagBytes,
  });
  empty.final();
  return Buffer.concat([Buffer.of(isLast ? 0x80 : 0x00), empty.getAuthTag()]);
}

function fragmentNonce(nonce: Buffer, sequence: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(sequence);
  return Buffer.concat([nonce, number]);
}

/** Node takes both ciphers in the same way; its types know it of GCM only. */
const asGcm = (cipher: string) => cipher as CipherGCMTypes;

async function byArgon2id(password: string, salt: Buffer): Promise<Buffer> {
  const cost = { iterations: 1, memorySize: 64 * 1024, parallelism: 4, hashLength: 32 };
  return Buffer.from(await argon2id({ password, salt, ...cost, outputType: 'binary' }));
}

async function byPbkdf2(password: string, salt: Buffer): Promise<Buffer> {
  return pbkdf2Sync(password, salt, 8192, 32, 'sha256');
}
