import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { httpInContainer, parseAnswer } from '../../../src/activities/services/common/http.ts';
import { http } from '../../../src/activities/services/http/kind.ts';
import { curl, ended, running, serviceDouble, urlOf } from './service-double.ts';

const check = (service: ReturnType<typeof serviceDouble>) => http.health?.check(service);
const settings = { port: 8080, path: '/healthz' };

describe('an HTTP service', () => {
  test('that answers is healthy, and is asked at its port and path', async () => {
    const service = serviceDouble([running('web')], () => curl(200, 'ok'), settings);
    expect(await check(service)).toMatchObject({
      ready: true,
      healthy: true,
      summary: '200 on :8080/healthz',
    });
    expect(urlOf(service.commands[0]?.slice(1) ?? [])).toBe('http://127.0.0.1:8080/healthz');
  });

  test.for([
    [199, false],
    [200, true],
    [399, true],
    [400, false],
    [503, false],
    [0, false],
  ] as const)('that answers %i is ready: %s', async ([status, ready]) => {
    const service = serviceDouble([running('web')], () => curl(status), settings);
    expect(await check(service)).toMatchObject({ ready });
  });

  test('that answers without the text it should have is not ready', async () => {
    const starting = serviceDouble([running('web')], () => curl(200, '{"starting":true}'), {
      ...settings,
      contains: '"starting":false',
    });
    expect(await check(starting)).toMatchObject({
      ready: false,
      summary: expect.stringContaining('without'),
    });
  });

  test('with one of two members down is ready and not healthy', async () => {
    const service = serviceDouble([running('a'), ended('b', 137)], () => curl(200), settings);
    expect(await check(service)).toEqual({
      ready: true,
      healthy: false,
      summary: '1 of 2 members answer, b: ended (exit 137)',
      unhealthy: ['b'],
    });
  });

  test('without a port is refused by the name of the setting', async () => {
    await expect(check(serviceDouble([running('web')]))).rejects.toMatchObject({
      code: 'RB_SETTING_INVALID',
      why: expect.stringContaining('services.service.settings.port'),
    });
  });
});

describe('the answer of', () => {
  test('wget, which writes the status to stderr', () => {
    const stderr =
      'Connecting to 127.0.0.1:8080\n  HTTP/1.1 404 Not Found\nwget: server returned error';
    expect(parseAnswer('wget\n', stderr, 1)).toMatchObject({ status: 404 });
    expect(parseAnswer('wget\nok\n', '  HTTP/1.1 200 OK\n', 0)).toEqual({
      status: 200,
      body: 'ok\n',
    });
    expect(parseAnswer('wget\n', "wget: can't connect to remote host", 1)).toMatchObject({
      status: 0,
    });
  });

  test('bash, which shows the answer as it is', () => {
    const output = 'bash\nHTTP/1.0 200 OK\r\nA: b\r\n\r\n{"a":1}';
    expect(parseAnswer(output, '', 0)).toEqual({ status: 200, body: '{"a":1}' });
    expect(parseAnswer('bash\n', 'Connection refused', 1)).toMatchObject({ status: 0 });
  });

  test('an image with none of them says so', () => {
    expect(parseAnswer('none\n', '', 0)).toMatchObject({
      status: 0,
      body: expect.stringContaining('no curl'),
    });
  });
});

describe('the script that asks, run for real', () => {
  const run = promisify(execFile);
  const realService = (path: string) => ({
    ...serviceDouble([running('web')]),
    exec: async (_: string, [command = '', ...args]: readonly string[]) => {
      const result = await run(command, [...args], { env: { PATH: path } }).catch((error) => error);
      return { stdout: result.stdout, stderr: result.stderr, exitCode: Number(result.code ?? 0) };
    },
  });

  test('gets an answer and posts a body', async () => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(request.method === 'POST' ? 202 : 503);
        response.end(`${request.method} ${request.url} ${body}`);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x?y=1`;
    const service = realService(process.env.PATH ?? '');
    const got = await httpInContainer(service, 'web', { url });
    const posted = await httpInContainer(service, 'web', { url, body: { a: "it's" } });
    server.close();
    expect(got).toMatchObject({ status: 503 });
    expect(posted).toEqual({ status: 202, body: 'POST /x?y=1 {"a":"it\'s"}' });
  });
});
