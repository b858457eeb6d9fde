import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import { limits } from '../shared/limits.ts';

/** Bytes as JSON has them in protobuf's own mapping. */
const Base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'expected base64');

const Body = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string().max(256), Base64).optional(),
        data: Base64.nullish(),
      }),
    )
    .max(limits.codecPayloads),
});

/** The payloads of a request to a codec server; undefined when it is none. */
export function readPayloads(text: string): Payload[] | undefined {
  const body = Body.safeParse(parseJson(text));
  return body.data?.payloads.map(({ metadata = {}, data }) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(data ?? '', 'base64'),
  }));
}

export function writePayloads(payloads: readonly Payload[]): string {
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
      ),
      ...(data && data.length > 0 ? { data: base64(data) } : {}),
    })),
  });
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
