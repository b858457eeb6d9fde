import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/shared/exit-codes.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { PlatformCopy } from '../support/platform-copy.ts';
import { World } from '../support/world.ts';

const platformOf = async (copy: PlatformCopy) =>
  parsePlatformFile(await readFile(copy.platformFile, 'utf8'), 'platform.yaml');

const kindsOf = async (copy: PlatformCopy) =>
  Object.fromEntries(
    Object.entries((await platformOf(copy)).services).map(([name, { kind }]) => [name, kind]),
  );

/** Container to when it was started: what a run that changes nothing leaves alone. */
async function lives(copy: PlatformCopy): Promise<Record<string, string>> {
  const ids = (await copy.containers()).map(({ id }) => id);
  const format = '{{.Name}} {{.Id}} {{.State.StartedAt}}';
  const { stdout } = await execa('docker', ['inspect', '--format', format, ...ids]);
  return Object.fromEntries(
    stdout.split('\n').map((line) => {
      const [name = '', ...life] = line.split(' ');
      return [name, life.join(' ')];
    }),
  );
}

describe("the shop, somebody else's project of several files", () => {
  const files = ['--file', 'compose.yaml', '--file', 'compose.prod.yaml'];
  const password = 'correct-horse-1';
  let world: World;
  let shop: PlatformCopy;
  beforeAll(async () => {
    shop = await PlatformCopy.foreign('shop');
    world = await World.open({ platform: shop });
    await shop.compose(...files, '--profile', 'reports', 'up', '--detach', '--wait');
  });
  afterAll(() => world.close());

  test('is described from what runs, and every service has answered as its kind', async () => {
    const { exitCode, stdout, stderr } = await world.cli('init', shop.directory);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe(shop.platformFile);
    const platform = await platformOf(shop);
    expect(platform.compose).toEqual({
      project: shop.project,
      files: ['compose.yaml', 'compose.prod.yaml'],
      profiles: ['reports'],
    });
    expect(platform.services).toMatchObject({
      db: {
        kind: 'postgres',
        settings: { userVariable: 'POSTGRES_USER', containerUser: 'postgres' },
      },
      shop: { kind: 'http', settings: { port: 8080, path: '/healthz' } },
      worker: { kind: 'container' },
      statistics: { kind: 'container' },
    });
    expect(Object.keys(platform.services)).toHaveLength(4);
    expect(platform.environment.variables).toMatchObject({
      DB_PASSWORD: { required: true },
      SHOP_PORT: { required: true },
      FEATURE_FLAGS: {},
    });
    expect(stderr).toMatch(/db +postgres +proved +answers queries/);
    expect(stderr).toMatch(/called like secrets, in \.env: DB_PASSWORD/);
    expect(stderr).toMatch(/compose\.yaml:\d+ gives SMTP_TOKEN its value/);
    expect(stderr).not.toContain('a deploy would');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('keep out .env and .env.previous');
    expect(await shop.read('.secrets/.gitignore')).toBe('*\n');
    const text = await shop.read('platform.yaml');
    for (const value of [password, 'not-so-secret', 'gift-wrap']) {
      expect(text + stderr).not.toContain(value);
    }
    expect(text).toMatch(/^# yaml-language-server: \$schema=.*platform\.schema\.json\n/);
  });

  test('the file passes validate, and covers what coverage says', async () => {
    expect(await world.cli('validate', shop.platformFile)).toMatchObject({ exitCode: 0 });
    const { stdout } = await world.cli('coverage', '--platform', shop.platformFile, '-o', 'json');
    const [coverage] = JSON.parse(stdout);
    expect(coverage.services.map(({ service }: { service: string }) => service).sort()).toEqual([
      'db',
      'shop',
      'statistics',
      'worker',
    ]);
  });

  test('verify-platform finds it well', async () => {
    const report = await world.report(await world.start('verify-platform'));
    expect(report, report.summary).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(report.findings.filter(({ ok }) => ok === false)).toEqual([]);
    expect(report.findings).toContainEqual({
      ...{ name: 'shop', ok: true },
      value: 'shop: its image was built by hand: only a build tells whether it is the one wanted',
    });
  });

  test('a deploy adopts it: no container is touched, and the next one has nothing to change', async () => {
    const before = await lives(shop);
    const report = await world.report(await world.start('deploy'));
    expect(report, report.summary).toMatchObject({ outcome: 'succeeded' });
    expect(await lives(shop)).toEqual(before);
    const again = await world.cli('start', 'deploy', '--platform', shop.name, '--plan');
    expect(again.stderr + again.stdout).toContain('Nothing to change: ');
    const verified = await world.report(await world.start('verify-platform'));
    expect(verified.findings.filter(({ ok }) => ok === false)).toEqual([]);
    expect(await shop.read('.env')).toContain(`DB_PASSWORD=${password}`);
  });

  test('an existing file is kept, unless it is to be replaced', async () => {
    const old = `${await shop.read('platform.yaml')}# mine\n`;
    await writeFile(shop.platformFile, old);
    const refused = await world.cli('init', shop.directory);
    expect(refused).toMatchObject({ exitCode: exitCodes.refused, stdout: '' });
    expect(refused.stderr).toContain('RB_INIT_EXISTS');
    expect(await shop.read('platform.yaml')).toBe(old);
    const dry = await world.cli('init', shop.directory, '--dry-run');
    expect(dry.exitCode).toBe(0);
    expect(await shop.read('platform.yaml')).toBe(old);
    expect((await world.cli('init', shop.directory, '--force')).exitCode).toBe(0);
    expect(await shop.read('platform.yaml.previous')).toBe(old);
    expect(`${await shop.read('platform.yaml')}`).toBe(`${dry.stdout}\n`);
    const left = await readdir(shop.directory);
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('drift is told: what a deploy would change now', async () => {
    const environment = await shop.read('.env');
    await shop.edit('.env', (text) => text.replace('gift-wrap', 'gift-wrap,coupons'));
    const { stderr } = await world.cli('init', shop.directory, '--dry-run');
    await writeFile(join(shop.directory, '.env'), environment);
    expect(stderr).toContain('a deploy would recreate worker: its configuration changed');
  });

  test('a compose file that is gone is named', async () => {
    const text = await shop.read('compose.prod.yaml');
    await execa('mv', ['compose.prod.yaml', 'aside.yaml'], { cwd: shop.directory });
    const { exitCode, stderr } = await world.cli('init', shop.directory, '--dry-run');
    await execa('mv', ['aside.yaml', 'compose.prod.yaml'], { cwd: shop.directory });
    expect(await shop.read('compose.prod.yaml')).toBe(text);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`a compose file of ${shop.project} is gone`);
    expect(exitCode).toBe(exitCodes.refused);
  });

  test('without containers the compose files alone are read', async () => {
    await shop.compose(...files, '--profile', 'reports', 'down');
    const { exitCode, stdout, stderr } = await world.cli(
      ...['init', shop.directory, '--dry-run', '--project', shop.project],
      ...['--compose-file', join(shop.directory, 'compose.yaml')],
    );
    expect(exitCode, stderr).toBe(0);
    const { services } = parsePlatformFile(stdout, 'platform.yaml');
    expect(services).toMatchObject({
      db: { kind: 'postgres' },
      shop: { kind: 'http' },
      worker: { kind: 'container' },
    });
    expect(stdout).toContain('the project has no containers');
  });
});

describe('the queue, a project with members, a proxy and names of its own', () => {
  let world: World;
  let queue: PlatformCopy;
  const network = () => `${queue.project}-backbone`;
  beforeAll(async () => {
    queue = await PlatformCopy.foreign('queue');
    world = await World.open({ platform: queue });
    await execa('docker', ['network', 'create', '--label', 'runbook.test=init', network()]);
    await queue.compose('up', '--detach');
    await execa('docker', ['wait', `${queue.project}-create-schema`]);
  });
  afterAll(async () => {
    await world.close();
    await execa('docker', ['network', 'rm', network()]);
  });

  test('is described: members of one service, a proxy asked where its statistics are', async () => {
    const { exitCode, stderr } = await world.cli('init', '--project', queue.project);
    expect(exitCode, stderr).toBe(0);
    expect(await kindsOf(queue)).toEqual({
      'create-schema': 'one-shot',
      edge: 'haproxy',
      spare: 'container',
      store: 'etcd',
    });
    expect((await platformOf(queue)).services).toMatchObject({
      store: { members: ['store-1', 'store-2'] },
      edge: { settings: { statsPort: 9090 } },
    });
    // In the image of etcd, and no etcd: it was asked.
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('spare: it looks like { kind: etcd }');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('Ballast.1 cannot stand in a platform file');
  });

  test('verify-platform finds it well, and a deploy leaves its containers alone', async () => {
    const report = await world.report(await world.start('verify-platform'));
    expect(report, report.summary).toMatchObject({ outcome: 'succeeded', changed: false });
    const before = await lives(queue);
    const deployed = await world.report(await world.start('deploy'));
    expect(deployed, deployed.summary).toMatchObject({ outcome: 'succeeded' });
    expect(await lives(queue)).toEqual(before);
  });
});
