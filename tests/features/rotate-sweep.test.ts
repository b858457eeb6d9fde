import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomSecret } from '../../src/activities/secrets/store-versions.ts';
import { describeCredential, miniSecret, storeOf } from '../support/mini-credential.ts';
import { Proof } from '../support/proof.ts';
import { leaks } from '../support/secret-leaks.ts';
import { SecretSweep } from '../support/secret-sweep.ts';
import { logStatements } from '../support/statement-log.ts';
import { World } from '../support/world.ts';

describe('the search for a value', () => {
  const value = `cnry"${randomBytes(9).toString('hex')}\\&/ü=%+'`;
  const bytes = Buffer.from(value);
  test.each([
    ['as it is', value],
    ['as bytes', bytes.toString('latin1')],
    ['in JSON', JSON.stringify({ value })],
    ['in an URL', `postgres://app:${encodeURIComponent(value)}@db/app`],
    ['in HTML', `<td>${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</td>`],
    ['in hex', bytes.toString('hex')],
    ['in hex of capitals', bytes.toString('hex').toUpperCase()],
    ['in base64', bytes.toString('base64')],
    ['in base64 of an URL', bytes.toString('base64url')],
    ['in a header of HTTP', Buffer.from(`app:${value}`).toString('base64')],
    ['in base64 after two bytes', Buffer.from(`ab${value}cd`).toString('base64')],
    ['in halves, over two pages', `${value.slice(0, -4)}\0\0\0\x07${value.slice(-4)}`],
  ])('finds it %s', (_, text) => {
    const values = new Map([['it', value]]);
    expect(leaks(values, [['a text', `before ${text} after`]])).toEqual(['it in a text']);
  });
});

/** What a consumer runs to take a value: a careless one, that prints it in several ways and refuses one of them. */
const careless = `command: [sh, -c, 'f=/run/secrets/${miniSecret}; cat $f; echo; echo "ERROR url=app:$(cat $f)@db" >&2; sha256sum < $f | cut -d " " -f 1 | grep -qvxf /effects/refused']`;

/** In every kind of place at once; nothing takes it for a secret. */
const plant = `plnt${randomSecret(28)}`;

const mounts = `      - "127.0.0.1:\${WEB_PORT:-18970}:8080"
    volumes:
`;
const delivered = '      - ./.secrets/delivered/web:/run/secrets:ro\n';

describe.each(['on', 'off'] as const)('with the codec %s', (codec) => {
  let world: World;
  let temporary: string;
  let home: string;
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'rbtest-temporary-'));
    home = await mkdtemp(join(tmpdir(), 'rbtest-home-'));
    world = await World.open({
      ...{ platform: 'mini', codec, serverLogLevel: 'debug' },
      workerEnv: { TMPDIR: temporary },
    });
    await describeCredential(world);
    await takes(careless);
    await world.platform.edit('compose.yaml', (text) =>
      text.replace(mounts, `${mounts}${delivered}`),
    );
    await world.deployed();
    await refuse('');
    await logStatements(await containerOf('db'));
  });
  afterAll(async () => {
    await world?.close();
    await rm(temporary, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  });

  async function containerOf(service: string): Promise<string> {
    const found = (await world.platform.containers()).find((own) => own.service === service);
    if (found === undefined) throw new Error(`no container of ${service}`);
    return found.id;
  }

  /** How web takes a new value. */
  const takes = (how: string) =>
    world.platform.edit('platform.yaml', (text) =>
      text.replace(/web: \{ uid: 5432, takes: .*/, `web: { uid: 5432, takes: { ${how} } }`),
    );

  /** Has the consumer be well with every value but the one that it has; by its digest, for the folder is searched. */
  const refuse = (value: string) =>
    writeFile(
      join(world.platform.directory, 'effects', 'refused'),
      `${createHash('sha256').update(value).digest('hex')}\n`,
    );

  /** Once in each kind of place where a value could be, by whatever way leads there. */
  async function plantEverywhere(): Promise<void> {
    // It fails at first: of what succeeds the worker's log tells nothing.
    await takes(`command: [sh, -c, 'echo ${plant} >&2; rmdir /tmp/tried || ! mkdir /tmp/tried']`);
    // What a report says above all is what was done outside of the windows.
    const closed = new Date(Date.now() + 3 * 86_400_000).toUTCString().slice(0, 3).toLowerCase();
    await world.platform.edit(
      'platform.yaml',
      (text) => `${text}\nwindows: { timezone: UTC, open: [{ days: [${closed}] }] }\n`,
    );
    const request = {
      ...{ params: { secrets: [miniSecret] }, meta: { reason: plant } },
      options: { outsideWindow: plant },
    };
    const workflowId = `rotate-${plant}`;
    const run = await world.client.workflow.start('rotate-secrets', {
      ...{ taskQueue: 'runbook', workflowId },
      args: [request],
    });
    expect(await world.report(run)).toMatchObject({ outcome: 'succeeded', changed: true });
    await execa('sh', ['-c', 'sleep 1', plant], { env: { PLANT: plant } });
    await writeFile(join(temporary, 'for-a-moment'), plant);
    await writeFile(join(home, '.psql_history'), `ALTER ROLE app PASSWORD '${plant}';\n`);
    await writeFile(join(world.platform.directory, 'left-behind'), plant);
    const script = `
      echo ${plant} | tee /tmp/t /srv/www/t /var/lib/postgresql/.psql_history
      psql -XAtq -U postgres -d postgres -c "SELECT '${plant}'"`;
    const exec = ['exec', '--user', 'postgres', await containerOf('db'), 'sh', '-c', script];
    await execa('docker', exec);
    const { name, project } = world.platform;
    const label = (key: string, value: string) => ['--label', `com.docker.compose.${key}=${value}`];
    await execa('docker', [
      ...['run', '--detach', '--env', `PLANT=${plant}`, '--entrypoint', 'sh'],
      ...[...label('project', project), ...label('service', 'planted')],
      ...[`runbook-mini:${name}`, '-c', `echo ${plant}; exec sleep infinity`],
    ]);
  }

  test('no value is anywhere but in the store and in what is delivered', async () => {
    const proof = new Proof('canaries', `rotate-secrets on mini, codec ${codec}`);
    const sweep = SecretSweep.start(world, { temporary, home, databases: ['db'] });
    const started = await world.cli(
      'start',
      'rotate-secrets',
      '--set',
      `secrets=${miniSecret}`,
      '--yes',
    );
    expect(started.exitCode, started.stderr).toBe(0);
    const spoken = await world.start('rotate-secrets', { params: { secrets: [miniSecret] } });
    expect((await world.report(spoken)).outcome).toBe('succeeded');
    // The next one is to be refused by its consumer, and taken back.
    await world.platform.edit('platform.yaml', (text) => text.replace('grep -qvxf', 'grep -qxf'));
    await refuse((await storeOf(world).readCurrent(miniSecret))?.value ?? '');
    const undone = await world.start('rotate-secrets', {
      ...{ params: { secrets: [miniSecret] }, options: { onFailure: 'undo' } },
    });
    const report = await world.report(undone);
    expect(report).toMatchObject({ outcome: 'undone', error: { code: 'RB_TARGETS_FAILED' } });
    expect(JSON.stringify(report)).toContain('url=app:[redacted]@db');
    await plantEverywhere();

    const { values, swept } = await sweep.end();
    // The first, two that came into force, the one that was taken back, and the planted run's.
    expect([...values.keys()].filter((name) => name.startsWith(`${miniSecret}@`))).toHaveLength(5);
    const own = new Map([...values].filter(([name]) => name.startsWith(`${miniSecret}@`)));
    expect([...swept].flatMap(([, places]) => leaks(own, places))).toEqual([]);
    // Nor what PostgreSQL keeps of one, which is as good as a password for who pretends to be the server.
    expect(swept.get('logs of databases')?.[0]?.[1]).not.toContain('SCRAM-SHA-256$');

    const planted = new Map([['it', plant]]);
    const blind = [...swept].filter(([, places]) => leaks(planted, places).length === 0);
    expect(blind.map(([kind]) => kind)).toEqual([]);
    const sizes = [...swept].map(([kind, places]) => [kind, places.length] as const);
    await proof.shown(
      sizes.reduce((sum, [, size]) => sum + size, 0),
      Object.fromEntries(sizes),
    );
  });
});
