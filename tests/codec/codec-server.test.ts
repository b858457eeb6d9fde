import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodecServer, startCodecServer } from '../../src/codec/codec-server.ts';
import { codecToken, endpointOf } from '../../src/codec/endpoint.ts';
import { makeKeysOnce } from '../../src/codec/key-file.ts';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { readPayloads, writePayloads } from '../../src/codec/wire.ts';
import { limits } from '../../src/shared/limits.ts';
import { temporaryFolder } from '../worker/support/temporary-folder.ts';

const ui = 'http://127.0.0.1:8233';
const payload = defaultPayloadConverter.toPayload({ word: 'canary-4711' });
const plain = writePayloads([payload]);

let folder = '';
let server: CodecServer;
let endpoint = '';
let token = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-codec-'));
  const keyFile = join(folder, 'codec-keys');
  await makeKeysOnce(keyFile);
  token = await codecToken(folder);
  const codec = createPayloadCodec({ encrypt: true, keyFile });
  server = await startCodecServer({ port: 0, token, origins: [ui], codec });
  endpoint = endpointOf(server.port, token);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Asked {
  readonly at?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** By Node's own client, which sets the headers of a browser when it is told to. */
async function ask({
  at = `${endpoint}/decode`,
  method = 'POST',
  body = plain,
  headers = {},
}: Asked) {
  const asking = httpRequest(at, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
  });
  asking.end(method === 'POST' ? body : undefined);
  const [response] = await once(asking, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, headers: response.headers, text };
}

test('encodes and decodes as the protocol has it', async () => {
  const sealed = await ask({ at: `${endpoint}/encode`, headers: { origin: ui } });
  expect(sealed.status).toBe(200);
  expect(sealed.text).not.toContain(Buffer.from('canary').toString('base64').slice(0, -1));
  const [first] = readPayloads(sealed.text) ?? [];
  expect(Buffer.from(first?.metadata?.encoding ?? []).toString()).toBe('binary/encrypted');
  const opened = await ask({ body: sealed.text });
  expect(opened.status).toBe(200);
  expect(opened.text).toBe(plain);
});

test('a list of many payloads keeps its order, and an empty one is answered', async () => {
  const many = writePayloads([1, 2, 3].map((n) => defaultPayloadConverter.toPayload(n)));
  const sealed = await ask({ at: `${endpoint}/encode`, body: many });
  expect((await ask({ body: sealed.text })).text).toBe(many);
  expect(await ask({ body: '{"payloads":[]}' })).toMatchObject({
    status: 200,
    text: '{"payloads":[]}',
  });
});

test('a page that asks for two hundred payloads at once gets them all', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask({})));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('tells the page of the UI, and no other, that it may read the answer', async () => {
  const { headers } = await ask({ headers: { origin: ui } });
  expect(headers).toMatchObject({ 'access-control-allow-origin': ui, 'cache-control': 'no-store' });
  const { headers: bare } = await ask({});
  expect(bare['access-control-allow-origin']).toBeUndefined();
  const before = await ask({
    method: 'OPTIONS',
    headers: { origin: ui, 'access-control-request-headers': 'content-type,x-namespace' },
  });
  expect(before).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': ui,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-namespace',
    },
  });
});

describe('refuses', () => {
  const wrongTokens = () => [
    '',
    'x'.repeat(43),
    token.slice(0, -1),
    `${token}x`,
    token.toUpperCase(),
    encodeURIComponent(`../${token}`),
  ];
  test('any token but its own', async () => {
    for (const wrong of wrongTokens()) {
      const answer = await ask({ at: `${endpointOf(server.port, wrong)}/decode` });
      expect(answer.status, wrong).toBe(403);
      expect(answer.text).toMatch(/^wrong token/);
    }
  });

  test.each(['http://evil.example', 'http://127.0.0.1:8234', 'https://127.0.0.1:8233', 'null'])(
    'the page of %s, its question before as well',
    async (origin) => {
      for (const method of ['POST', 'OPTIONS']) {
        const answer = await ask({ method, headers: { origin } });
        expect(answer.status).toBe(403);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    },
  );

  test('a name that was made to lead here', async () => {
    expect(await ask({ headers: { host: `evil.example:${server.port}` } })).toMatchObject({
      status: 403,
      text: 'wrong host',
    });
  });

  test('a body that is too large, whether or not its size was told', async () => {
    const large = 'x'.repeat(limits.codecBodyBytes + 1);
    expect((await ask({ body: large })).status).toBe(413);
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /${token}/decode HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\n` +
        'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    socket.write(`${large.length.toString(16)}\r\n${large}\r\n`);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test.each([
    ['another method', { method: 'GET' }, 405],
    ['another path', { path: '/dump' }, 404],
    ['a path below', { path: '/decode/x' }, 404],
    ['a form, which a page could send unasked', { type: 'text/plain' }, 415],
    ['what is no JSON', { body: '{' }, 400],
    ['what holds no payloads', { body: '{"payloads": [1]}' }, 400],
    ['what is no base64', { body: '{"payloads": [{"data": "?"}]}' }, 400],
  ])('%s', async (_what, { method, path, type, body }: Record<string, string>, status) => {
    const answer = await ask({
      at: `${endpoint}${path ?? '/decode'}`,
      ...(method ? { method } : {}),
      ...(body ? { body } : {}),
      ...(type ? { headers: { 'content-type': type } } : {}),
    });
    expect(answer.status).toBe(status);
  });

  test('a payload of an unknown key, with the error and its fix', async () => {
    const sealed = writePayloads([
      {
        metadata: {
          encoding: Buffer.from('binary/encrypted'),
          'encryption-key-id': Buffer.from('0123456789ab'),
        },
        data: Buffer.alloc(40),
      },
    ]);
    expect(await ask({ body: sealed })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/^RB_CODEC_KEY_UNKNOWN: .*0123456789ab.*bring the line/),
    });
  });
});

test('the token is random, kept over restarts, and read by its owner only', async () => {
  const directory = await temporaryFolder();
  const tokens = await Promise.all([codecToken(directory), codecToken(directory)]);
  expect(tokens[0]).toMatch(/^[\w-]{43}$/);
  expect(new Set([...tokens, await codecToken(directory)]).size).toBe(1);
  expect(tokens[0]).not.toBe(token);
  expect((await stat(join(directory, 'codec-token'))).mode & 0o777).toBe(0o600);
});
