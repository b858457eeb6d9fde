import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { containerFacts } from '../../../src/activities/docker/container-facts.ts';
import { createDockerEngine, splitReference } from '../../../src/activities/docker/engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'rbtest-engine-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

describe('the Docker engine', () => {
  test('that is not there is named, with what to do', async () => {
    const engine = createDockerEngine({ socketPath: join(folder, 'none.sock') });
    await expect(engine.containers('mini')).rejects.toMatchObject({
      code: 'RB_DOCKER_UNREACHABLE',
      retry: 'maybe',
      fix: expect.stringContaining('start the Docker engine'),
    });
  });

  test('that accepts connections and never answers counts as away', async () => {
    const socketPath = join(folder, 'frozen.sock');
    const server = createServer(() => undefined);
    servers.push(server);
    await new Promise<void>((listening) => server.listen(socketPath, listening));
    const engine = createDockerEngine({ socketPath, callTimeoutMs: 100 });
    await expect(engine.networks('mini')).rejects.toMatchObject({ code: 'RB_DOCKER_UNREACHABLE' });
    server.closeAllConnections();
  });

  test('that refuses is quoted', async () => {
    const socketPath = join(folder, 'refusing.sock');
    const server = createServer((_, response) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"message":"no space left on device"}');
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(socketPath, listening));
    const engine = createDockerEngine({ socketPath });
    await expect(engine.volumes('mini')).rejects.toMatchObject({
      code: 'RB_DOCKER_REFUSED',
      why: expect.stringContaining('no space left on device'),
    });
  });
});

test.for([
  ['web', 'web', 'latest'],
  ['web:1', 'web', '1'],
  ['host:5000/web', 'host:5000/web', 'latest'],
  ['host:5000/a/web:1', 'host:5000/a/web', '1'],
] as const)('the reference %s is %s with the tag %s', ([reference, repo, tag]) => {
  expect(splitReference(reference)).toEqual({ repo, tag });
});

test.each([
  [undefined, undefined],
  [{ Status: 'starting', FailingStreak: 0, Log: [] }, undefined],
  [{ Status: 'healthy', FailingStreak: 0, Log: [{ ExitCode: 0, Output: 'ok' }] }, undefined],
  [
    { Status: 'starting', FailingStreak: 2, Log: [{ ExitCode: 7, Output: ' refused\n' }] },
    { failures: 2, retries: 3, output: 'refused' },
  ],
] as const)('of a health check only a failed last one is told: %j', (Health, lastHealthCheck) => {
  const inspected = {
    ...{ Id: 'c1', Name: '/x', Image: 'i1', RestartCount: 0, HostConfig: {} },
    Config: { Labels: {}, Healthcheck: {} },
    State: { Status: 'running', ExitCode: 0, StartedAt: '', Health },
    NetworkSettings: { Networks: {} },
  };
  const facts = containerFacts(inspected as unknown as Parameters<typeof containerFacts>[0]);
  expect(facts.lastHealthCheck).toEqual(lastHealthCheck);
});

test('facts of a container that never started have no start', () => {
  const inspected = {
    Id: 'c1',
    Name: '/mini-web-1',
    Image: 'i1',
    RestartCount: 2,
    HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
    Config: {
      Labels: { 'com.docker.compose.service': 'web', 'com.docker.compose.oneoff': 'True' },
    },
    State: { Status: 'created', ExitCode: 0, StartedAt: '0001-01-01T00:00:00Z' },
    NetworkSettings: { Networks: { mini_default: { IPAddress: '' } } },
  };
  expect(
    containerFacts(inspected as unknown as Parameters<typeof containerFacts>[0]),
  ).toMatchObject({
    name: 'mini-web-1',
    service: 'web',
    oneOff: true,
    startedAt: '',
    restartCount: 2,
    restartsOnSuccess: true,
    dockerHealth: 'none',
    addresses: [],
  });
});
