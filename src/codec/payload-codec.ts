import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { keyUnknown, payloadDamaged } from './errors.ts';
import type { CodecKey } from './key-file.ts';
import { KeyRing } from './key-ring.ts';
import type { CodecSettings } from './settings.ts';

const cipher = 'aes-256-gcm';
/** The size that GCM is made for. Random, so a key is good for 2^32 payloads. */
const nonceBytes = 12;
const tagBytes = 16;
const encoding = 'binary/encrypted';
const keyIdName = 'encryption-key-id';

const ProtoPayload = proto.temporal.api.common.v1.Payload;

/**
 * Encrypts whole payloads, with their metadata, in the layout of Temporal's samples: nonce, ciphertext, tag. What
 * is not encrypted passes through the decoder, so that runs from before, and from a plain client, stay readable.
 */
export function createPayloadCodec({ encrypt, keyFile }: CodecSettings): PayloadCodec {
  const ring = new KeyRing(keyFile);
  return {
    async encode(payloads) {
      if (!encrypt || payloads.length === 0) return payloads;
      const key = await ring.current();
      return payloads.map((payload) => seal(payload, key));
    },
    async decode(payloads) {
      return Promise.all(payloads.map((payload) => unseal(payload, ring)));
    },
  };
}

function seal(payload: Payload, { id, bytes }: CodecKey): Payload {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, bytes, nonce);
  const plain = ProtoPayload.encode(payload).finish();
  return {
    metadata: { encoding: Buffer.from(encoding), [keyIdName]: Buffer.from(id) },
    data: Buffer.concat([nonce, sealing.update(plain), sealing.final(), sealing.getAuthTag()]),
  };
}

async function unseal(payload: Payload, ring: KeyRing): Promise<Payload> {
  if (text(payload, 'encoding') !== encoding) return payload;
  // Shown in an error, and anybody may have written it.
  const id = text(payload, keyIdName)
    .replace(/[^\w.:-]/g, '?')
    .slice(0, 64);
  const key = await ring.find(id);
  if (key === undefined) throw keyUnknown(id, ring.path);
  const data = payload.data ?? new Uint8Array();
  if (data.length < nonceBytes + tagBytes) throw payloadDamaged(id);
  const opening = createDecipheriv(cipher, key.bytes, data.subarray(0, nonceBytes));
  opening.setAuthTag(data.subarray(-tagBytes));
  const sealed = data.subarray(nonceBytes, -tagBytes);
  try {
    return ProtoPayload.decode(Buffer.concat([opening.update(sealed), opening.final()]));
  } catch {
    throw payloadDamaged(id);
  }
}

function text({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString('utf8');
}
