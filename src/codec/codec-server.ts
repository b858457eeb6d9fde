import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PayloadCodec } from '@temporalio/common';
import { errorFacts } from '../shared/errors.ts';
import { limits } from '../shared/limits.ts';
import { readPayloads, writePayloads } from './wire.ts';

export interface CodecServerOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  readonly token: string;
  /** The pages that may ask: those of the Temporal UI. */
  readonly origins: readonly string[];
  readonly codec: PayloadCodec;
}

export interface CodecServer {
  readonly port: number;
  close(): Promise<void>;
}

const requestDeadlineMs = 15_000;
/** Longer than a page is looked at: a client that asks while its connection is closed gets no answer. */
const idleMs = 600_000;

/**
 * Temporal's remote codec protocol on the loopback address, for the UI and the `temporal` command. Whoever asks
 * must know the token in the path, and a page must be one of the UI's. Rejects with `EADDRINUSE` when the port
 * is taken.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const server = createServer((request, response) => {
    answer(request, options, ownHosts(server.address() as AddressInfo))
      .catch((error: unknown) => ({ status: 500, text: errorFacts(error).what }))
      .then((reply) => send(request, response, reply, options))
      .catch(() => response.destroy());
  });
  server.requestTimeout = requestDeadlineMs;
  server.headersTimeout = requestDeadlineMs;
  server.keepAliveTimeout = idleMs;
  server.maxConnections = limits.codecConnections;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly json?: true;
}

const ownHosts = ({ port }: AddressInfo) => [`127.0.0.1:${port}`, `localhost:${port}`];

async function answer(
  request: IncomingMessage,
  { token, origins, codec }: CodecServerOptions,
  hosts: readonly string[],
): Promise<Reply> {
  const { method, url = '', headers } = request;
  // A page of another name that was made to lead here (DNS rebinding) sends that name.
  if (!hosts.includes(headers.host ?? '')) return { status: 403, text: 'wrong host' };
  const [, given = '', work = '', ...more] = url.split('/');
  if (!isSame(given, token)) return { status: 403, text: 'wrong token: see runbook codec' };
  if (headers.origin !== undefined && !origins.includes(headers.origin)) {
    return { status: 403, text: 'wrong origin: only the Temporal UI of this up may ask' };
  }
  if (more.length > 0 || (work !== 'encode' && work !== 'decode')) {
    return { status: 404, text: 'POST to /encode or /decode' };
  }
  if (method === 'OPTIONS') return { status: 204, text: '' };
  if (method !== 'POST') return { status: 405, text: 'POST to /encode or /decode' };
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return { status: 415, text: 'expected application/json' };
  }
  const body = await readBody(request);
  if (body === undefined) {
    return { status: 413, text: `a request has at most ${limits.codecBodyBytes} bytes` };
  }
  const payloads = readPayloads(body);
  if (payloads === undefined) return { status: 400, text: 'expected {"payloads": [...]}' };
  try {
    return { status: 200, text: writePayloads(await codec[work](payloads)), json: true };
  } catch (error) {
    const { code, what, fix } = errorFacts(error);
    return { status: 400, text: `${code}: ${what}. ${fix ?? ''}` };
  }
}

/** Hashed first, so that neither time nor length tells anything. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limits.codecBodyBytes) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left open where the rest is not read: the answer still has to go out.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limits.codecBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text, json }: Reply,
  { origins }: CodecServerOptions,
): void {
  const { origin } = request.headers;
  response.writeHead(status, {
    'content-type': json ? 'application/json' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'origin',
    ...(origin !== undefined && origins.includes(origin)
      ? {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type, x-namespace',
          'access-control-max-age': '600',
        }
      : {}),
  });
  response.end(text);
  // Of a refused request the rest is thrown away: a client that still writes would not hear the answer.
  request.resume();
}
