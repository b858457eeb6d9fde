import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDockerEngine } from '../../../src/activities/docker/engine.ts';
import {
  readEnvironmentState,
  renderEnvironment,
} from '../../../src/activities/environment-state.ts';
import { writeCopy } from '../../../src/activities/secrets/copy.ts';
import { deliverSecrets } from '../../../src/activities/secrets/deliver-current.ts';
import { deliveriesOfSecret } from '../../../src/activities/secrets/deliveries.ts';
import { createServiceHandle } from '../../../src/activities/services/handle.ts';
import { patroni } from '../../../src/activities/services/patroni/kind.ts';
import type { Platform } from '../../../src/shared/platform-file.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';
import { PlatformCopy } from '../../support/platform-copy.ts';
import { ProcessWatch } from '../../support/process-watch.ts';
import { containerTexts, leaks, secretValues } from '../../support/secret-leaks.ts';
import { until } from '../../support/until.ts';

/** The lab's databases and buckets with the accounts that its one-shots make: once, and then left to rotations. */

const pgMembers = ['pg1', 'pg2', 'pg3'];
/** As after some rotations: the store names later logins than those that a new platform begins with. */
const laterLogins = { 'postgres-canary': 'canary_b', 's3-canary': 'canaryv4' };

let copy: PlatformCopy;
let platform: Platform;
let commands: ReadonlySet<string>;
beforeAll(async () => {
  copy = await PlatformCopy.of('lab');
  const file = parsePlatformFile(await readFile(copy.platformFile, 'utf8'), copy.platformFile);
  platform = { ...file, directory: copy.directory };
  const state = await readEnvironmentState(platform);
  for (const [name, length] of state.toMint) await state.store.mint(name, length);
  await deliverSecrets(platform, async () => {});
  await writeFile(join(copy.directory, '.env'), await renderEnvironment(state));
  for (const [secret, login] of Object.entries(laterLogins)) {
    await deliver(secret, `${login}\n${await delivered(secret)}`);
  }
  const watch = ProcessWatch.start();
  await copy.compose('up', '--detach', 'database-init', 'minio-init');
  await untilDone();
  commands = (await watch.stop()).commands;
});
afterAll(() => copy?.destroy());

const copiesOf = (secret: string) => deliveriesOfSecret(platform, secret);

/** The value in the copies of a secret, whichever form they have. */
async function delivered(secret: string): Promise<string> {
  const [first] = copiesOf(secret);
  return (await readFile(first?.path ?? '', 'ascii')).trim().split('\n').at(-1) ?? '';
}

async function deliver(secret: string, content: string): Promise<void> {
  for (const delivery of copiesOf(secret)) await writeCopy(delivery, delivery.path, content);
}

const container = (service: string) => `${copy.project}-${service}-1`;

async function untilDone(): Promise<void> {
  for (const service of ['database-init', 'minio-init']) {
    const { stdout: exitCode } = await execa('docker', ['wait', container(service)]);
    const { all } = await execa('docker', ['logs', container(service)], { all: true });
    expect({ service, exitCode }, all).toEqual({ service, exitCode: '0' });
  }
}

async function runOneShotsAgain(): Promise<void> {
  await execa('docker', ['start', container('database-init'), container('minio-init')]);
  await untilDone();
}

/** The leader's answer, one line a row; over the socket, which asks for no password. */
async function query(sql: string, database = 'postgres'): Promise<string[]> {
  for (const member of pgMembers) {
    const psql = ['psql', '--quiet', '--no-align', '--tuples-only', '--username', 'postgres'];
    const args = ['exec', '--interactive', container(member), ...psql, database];
    const input = `SELECT NOT pg_is_in_recovery();\n${sql}`;
    const { stdout } = await execa('docker', args, { input });
    const [leads, ...rows] = stdout.split('\n');
    if (leads === 't') return rows;
  }
  throw new Error('no member leads');
}

/** mc in MinIO's container with the root user's password, which it reads on standard input. */
async function mc(...args: readonly string[]): Promise<string> {
  const script = `
    umask 077; read -r key; export MC_CONFIG_DIR=/tmp/mc; mkdir -p /tmp/mc
    printf '{"version":"10","aliases":{"lab":{"url":"http://127.0.0.1:9000","accessKey":"%s","secretKey":"%s","api":"S3v4","path":"on"}}}' \\
      "$MINIO_ROOT_USER" "$key" >/tmp/mc/config.json
    mc "$@"; code=$?; rm -r /tmp/mc; exit $code`;
  const sh = ['exec', '--interactive', container('minio'), 'sh', '-c', script, 'sh', ...args];
  const { stdout } = await execa('docker', sh, { input: `${await delivered('minio-root')}\n` });
  return stdout;
}

const accounts = async () => ({
  roles: await query('SELECT rolname, rolcanlogin, rolpassword FROM pg_authid ORDER BY 1'),
  memberships: await query(
    'SELECT roleid::regrole, member::regrole FROM pg_auth_members WHERE roleid::regrole::text !~ $$^pg_$$ ORDER BY 1, 2',
  ),
  databases: await query(
    'SELECT datname, datdba::regrole FROM pg_database WHERE NOT datistemplate ORDER BY 1',
  ),
  users: (await mc('--json', 'admin', 'user', 'ls', 'lab')).split('\n').sort(),
});

describe('the one-shots of the lab', () => {
  test('make what is missing, with the logins that the secrets name', async () => {
    const { roles, memberships, databases, users } = await accounts();
    expect(roles.map((line) => line.split('|', 2).join(' '))).toEqual(
      expect.arrayContaining([
        'canary f',
        'canary_b t',
        'canary_single t',
        'keycloak t',
        'nessie t',
      ]),
    );
    expect(memberships).toEqual(['canary|canary_b']);
    expect(databases).toEqual([
      ...['canary|canary', 'canary_single|canary_single', 'keycloak|keycloak', 'nessie|nessie'],
      'postgres|postgres',
    ]);
    expect(users.map((line) => (JSON.parse(line) as { accessKey: string }).accessKey)).toEqual(
      expect.arrayContaining(['canary', 'canaryv4', 'lakehouse']),
    );
    expect(users).toHaveLength(3);
  });

  test('show no value to anybody, not even while they work', async () => {
    expect([...commands].some((text) => text.includes('mc\0--quiet\0admin\0user\0add'))).toBe(true);
    const shown = await containerTexts(await copy.containers());
    const lines = [...commands].map((text) => ['a command line', text] as const);
    expect(leaks(await secretValues(copy.directory), [...lines, ...shown])).toEqual([]);
  });

  test('leave alone what is there, whatever is delivered', async () => {
    await query('ALTER ROLE canary_b NOLOGIN PASSWORD NULL; ALTER ROLE nessie PASSWORD $$other$$;');
    await mc('admin', 'user', 'disable', 'lab', 'canaryv4');
    await mc('admin', 'user', 'disable', 'lab', 'lakehouse');
    const before = await accounts();
    await deliver('postgres-canary', `canary_a\n${await delivered('postgres-canary')}`);
    await deliver('s3-canary', `canaryv5\n${await delivered('s3-canary')}`);
    await runOneShotsAgain();
    expect(await accounts()).toEqual(before);
    expect(before.users.filter((line) => line.includes('"disabled"'))).toHaveLength(2);
  });
});

describe('a member of PostgreSQL', () => {
  const reload = (member: string) =>
    execa('docker', ['exec', container(member), 'patroni-node', 'reload']);
  /** The status of a change through Patroni's interface, which the password is for. */
  async function changeWith(password: string): Promise<string> {
    const curl = 'curl -s -o /dev/null -w "%{http_code}" -K - -X POST http://127.0.0.1:8008/reload';
    const args = ['exec', '--interactive', container('pg1'), 'sh', '-c', curl];
    const { stdout } = await execa('docker', args, { input: `user = "patroni:${password}"\n` });
    return stdout;
  }

  test('takes changes with the delivered password alone, and another one without a restart', async () => {
    const old = await delivered('patroni-rest');
    expect([await changeWith(old), await changeWith('wrong')]).toEqual(['202', '401']);
    await deliver('patroni-rest', 'the-next-one-of-patroni');
    await Promise.all(pgMembers.map(reload));
    expect([await changeWith('the-next-one-of-patroni'), await changeWith(old)]).toEqual([
      ...['202', '401'],
    ]);
    const { stdout } = await execa('docker', [
      ...['inspect', '--format', '{{.RestartCount}} {{.State.Status}}', container('pg1')],
    ]);
    expect(stdout).toBe('0 running');
  });

  test('hands over the leadership though that takes the password', async () => {
    const service = createServiceHandle(createDockerEngine(), copy.project, {
      ...{ name: 'postgres', members: pgMembers, settings: {} },
    });
    await until(
      'every replica streams',
      async () => {
        return (await patroni.health?.check(service))?.healthy;
      },
      60_000,
    );
    const leader = (await patroni.lifecycle?.restartOrder(service))?.at(-1) ?? '';
    await patroni.lifecycle?.prepareRestart?.(service, leader);
    expect((await patroni.lifecycle?.restartOrder(service))?.at(-1)).not.toBe(leader);
  });
});
