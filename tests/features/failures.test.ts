import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DockerProxy } from '../support/docker-proxy.ts';
import { failureFacts } from '../support/failure-facts.ts';
import { World } from '../support/world.ts';

let docker: DockerProxy;
let world: World;
let originals: Map<string, string>;
beforeAll(async () => {
  docker = await DockerProxy.start();
  world = await World.open({ platform: 'mini', workerEnv: { DOCKER_HOST: docker.host } });
  originals = new Map();
  for (const file of ['platform.yaml', 'compose.yaml', 'Dockerfile']) {
    originals.set(file, await world.platform.read(file));
  }
});
afterAll(async () => {
  await world.close();
  await docker.stop();
});
afterEach(async () => {
  for (const [file, text] of originals) await world.platform.edit(file, () => text);
});

/** Replaces a text that must be there. */
async function replace(file: string, old: string | RegExp, replacement: string): Promise<void> {
  const text = await world.platform.read(file);
  const changed = text.replace(old, replacement);
  expect(changed).not.toBe(text);
  await world.platform.edit(file, () => changed);
}

const untouchedEffects = { db: 0, migrate: 0, web: 0 };

/** What a first deploy leaves that was undone: no container and no network, but data and secrets. */
async function expectUndone(volumes: number): Promise<void> {
  const { platform } = world;
  expect(await platform.containers()).toEqual([]);
  expect(await platform.networks()).toEqual([]);
  expect(await platform.volumes()).toHaveLength(volumes);
  expect(await platform.read('.env')).toContain('WEB_TOKEN=');
  expect(await platform.read('.secrets/delivered/db/db-password')).toMatch(/^\w{32}$/);
}

describe('a first deploy that fails', () => {
  afterEach(() => world.fresh());

  test('in a build shows the end of its output', async () => {
    const planted = 'RUN echo "planted: no compiler" >&2 && exit 7';
    await world.platform.edit('Dockerfile', () => `FROM debian:trixie-slim\n${planted}\n`);
    const { exitCode, stderr } = await world.cli('start', 'deploy', '--yes');
    expect(stderr).toContain('RB_BUILD_FAILED');
    expect(stderr).toContain('planted: no compiler');
    expect(stderr).toMatch(/exit code: 7/);
    expect(exitCode).toBe(5);
    await expectUndone(0);
    expect(await world.platform.effects()).toEqual(untouchedEffects);
  });

  test('on a port that somebody has names port and holder', async () => {
    const port = /WEB_PORT:[^"]+"(\d+)"/.exec(await world.platform.read('platform.yaml'))?.[1];
    const holder = createServer().listen(Number(port), '127.0.0.1');
    await once(holder, 'listening');
    try {
      const { exitCode, stderr } = await world.cli('start', 'deploy', '--yes');
      expect(stderr).toContain('RB_PORT_TAKEN');
      const words = stderr.replaceAll(/\s+/g, ' ');
      expect(words).toContain(`port ${port} of this host is taken by node (pid ${process.pid})`);
      expect(exitCode).toBe(5);
    } finally {
      holder.close();
    }
    await expectUndone(1);
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 0 });
  });

  test('because a service never gets healthy is undone, but for data and secrets', async () => {
    await replace('platform.yaml', /(kind: http\n\s+healthTimeout:) 30s/, '$1 4s');
    const silent = `entrypoint: [sh, -c, "echo planted-words; exec sleep infinity"]\n    stop_signal: SIGKILL`;
    await replace('compose.yaml', 'command: [web]', silent);
    const run = await world.start('deploy', { options: { onFailure: 'undo' } });
    const { code, what, why } = await failureFacts(run);
    expect(code).toBe('RB_NOT_HEALTHY');
    expect(what).toBe('web was not ready within 4 s');
    expect(why).toContain('planted-words');
    const { exitCode } = await world.cli('watch', run.workflowId);
    expect(exitCode).toBe(5);
    expect(await world.report(run)).toMatchObject({ outcome: 'undone', changed: false });
    await expectUndone(1);
  });
});

test('Docker goes away in the middle of a wave and comes back: each container starts once', async () => {
  const run = await world.start('deploy');
  await docker.refuseAfter(/^POST \S+\/containers\/\w+\/start/m);
  // As long as an upgrade of the engine takes.
  await delay(20_000);
  await docker.accept();
  const report = await world.report(run);
  expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
  const step = report.steps.find(({ id }) => id === 'start-db');
  expect(step?.attempt).toBeGreaterThan(1);
  expect(step?.tries).toBe(0);
  expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
});

describe('a platform that runs', () => {
  beforeAll(() => world.deployed());

  const verify = () => world.start('verify-platform');
  const allow = (expires: string) =>
    `\nlogs:\n  allow:\n    - { service: db, pattern: '"planted" does not', reason: a test, expires: ${expires} }\nservices:\n`;

  test('with an error in a log is red until the line is allowed, and again when that expires', async () => {
    const db = (await world.platform.containers()).find(({ service }) => service === 'db');
    // The database writes a real FATAL line about this.
    const argv = ['exec', '--user', 'postgres', db?.id ?? '', 'psql', '--dbname', 'planted'];
    await execa('docker', argv, { reject: false });
    const red = await failureFacts(await verify());
    expect(red.code).toBe('RB_ERRORS_IN_LOGS');
    const line = /^db: .*FATAL: +database "planted" does not exist$/m;
    expect(red.why).toMatch(line);
    expect(red.why.split('\n')).toHaveLength(1);

    await replace('platform.yaml', '\nservices:\n', allow('2999-12-31'));
    expect(await world.report(await verify())).toMatchObject({ outcome: 'succeeded' });

    await replace('platform.yaml', 'expires: 2999-12-31', 'expires: 2020-12-31');
    const expired = await failureFacts(await verify());
    expect(expired.code).toBe('RB_ERRORS_IN_LOGS');
    expect(expired.why).toMatch(line);
    expect(expired.why).toContain(
      'no longer allowed: db: /"planted" does not/ expired on 2020-12-31',
    );
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
  });

  test('whose secrets got lost keeps its data and gets no new ones', async () => {
    for (const path of ['.secrets', '.env']) {
      await rm(join(world.platform.directory, path), { recursive: true });
    }
    const { code, what, why } = await failureFacts(await world.start('deploy'));
    expect(code).toBe('RB_SECRETS_LOST');
    expect(what).toContain('db-password, WEB_TOKEN');
    expect(why).toContain(`${world.platform.project}_data`);
    await expect(world.platform.read('.env')).rejects.toThrow('ENOENT');
    expect(await world.platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
    expect(await world.platform.volumes()).toHaveLength(1);
  });
});
