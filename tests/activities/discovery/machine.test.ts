import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMachine } from '../../../src/activities/discovery/machine.ts';
import { limits } from '../../../src/shared/limits.ts';

const listed = (name: string, state: string, labels: Record<string, string>) => ({
  Id: name,
  Names: [`/${name}`],
  State: state,
  Labels: labels,
});
const compose = (project: string, more: Record<string, string> = {}) => ({
  'com.docker.compose.project': project,
  ...more,
});

/** An engine that answers one question, at a socket of its own. */
async function machineThat(answer: unknown) {
  const folder = await mkdtemp(join(tmpdir(), 'rbtest-machine-'));
  const socketPath = join(folder, 'engine');
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    machine: createMachine({ socketPath }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test('projects are told by the labels of their containers, with what they were made from', async () => {
  const origin = {
    'com.docker.compose.project.working_dir': '/srv/shop',
    'com.docker.compose.project.config_files': '/srv/shop/compose.yaml,/srv/shop/compose.prod.yaml',
    'com.docker.compose.project.environment_file': '/srv/shop/prod.env',
  };
  await using engine = await machineThat([
    listed('shop-web-1', 'running', compose('shop', origin)),
    listed('shop-job-run-1', 'exited', compose('shop', { 'com.docker.compose.oneoff': 'True' })),
    listed('shop-db-1', 'exited', compose('shop', origin)),
    listed('bare-1', 'running', compose('bare')),
    listed('stray', 'running', {}),
    listed('task', 'running', { 'com.docker.swarm.service.name': 'x' }),
  ]);
  expect(await engine.machine.look()).toEqual({
    projects: [
      { name: 'bare', directory: '', files: [], envFiles: [], containers: 1, running: 1 },
      {
        name: 'shop',
        directory: '/srv/shop',
        files: ['/srv/shop/compose.yaml', '/srv/shop/compose.prod.yaml'],
        envFiles: ['/srv/shop/prod.env'],
        ...{ containers: 2, running: 1 },
      },
    ],
    others: ['stray', 'task (a Swarm service)'],
  });
});

test('of too many containers some are looked at, unless all are asked for', async () => {
  const many = Array.from({ length: limits.discoveredContainers + 1 }, (_, index) =>
    listed(`shop-web-${index}`, 'running', compose('shop')),
  );
  await using engine = await machineThat(many);
  expect(await engine.machine.inspect('shop')).toHaveLength(limits.discoveredContainers);
  await expect(engine.machine.inspect('shop', 'all')).rejects.toMatchObject({
    code: 'RB_TOO_MANY_CONTAINERS',
    message: expect.stringContaining(`shop has ${many.length} containers`),
  });
});

test('an engine that is away is said to be', async () => {
  const machine = createMachine({ socketPath: '/no/such/socket' });
  await expect(machine.look()).rejects.toMatchObject({ code: 'RB_DOCKER_UNREACHABLE' });
});
