import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uidOf } from '../../../src/shared/credential-schema.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';
import type { RunReport } from '../../../src/shared/report.ts';
import { addressOf, passwordAnswer } from '../../support/password-answer.ts';
import { PlatformCopy } from '../../support/platform-copy.ts';
import { ProcessWatch } from '../../support/process-watch.ts';
import { historyText, leaks, secretValues, textsBelow } from '../../support/secret-leaks.ts';
import { until } from '../../support/until.ts';
import { World } from '../../support/world.ts';

/** Real servers with their passwords in the environment, as plain Compose has started them. */

const variables = [
  ...['PG_SUPERUSER_PASSWORD', 'PG_REPLICATION_PASSWORD', 'KEYCLOAK_DB_PASSWORD'],
  ...['NESSIE_DB_PASSWORD', 'MINIO_ROOT_PASSWORD', 'KEYCLOAK_ADMIN_PASSWORD'],
];
const planted = new Map(
  [...variables, 'REPORT_TOKEN'].map((name) => [name, `cnry${randomBytes(10).toString('hex')}`]),
);
/** What takes nothing from a file keeps its token. */
const moved = new Map([...planted].filter(([name]) => name !== 'REPORT_TOKEN'));
const files = ['compose.yaml', '.env', 'platform.yaml', 'patroni.yml', 'make-databases'];

const asSecret = (variable: string) => variable.toLowerCase().replaceAll('_', '-');

/** What the run is to find out of each. */
const role = (name: string) => ({
  ...{ service: 'postgres', type: 'role', account: { role: name, database: name } },
  route: 'pg1:5432',
});
const accounts: Readonly<Record<string, object>> = {
  'pg-superuser-password': { type: 'superuser', account: { role: 'postgres' } },
  'pg-replication-password': { type: 'replication', account: { role: 'replicator' } },
  'keycloak-db-password': role('keycloak'),
  'nessie-db-password': role('nessie'),
  'minio-root-password': { service: 'minio', type: 'root', account: { user: 'lab-root' } },
  'keycloak-admin-password': { service: 'keycloak', type: 'admin', account: { user: 'lab-admin' } },
};

let rotation: string;
let world: World;
let before: ReadonlyMap<string, string>;
beforeAll(async () => {
  const platform = await PlatformCopy.labEnv(planted);
  world = await World.open({ platform });
  await platform.compose('up', '--detach', '--no-build', '--wait');
  before = await textsOf(files);
}, 300_000);
afterAll(() => world?.close());

async function textsOf(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = names.map(async (name) => [name, await world.platform.read(name)] as const);
  return new Map(await Promise.all(texts));
}

/** What Docker and the kernel show of the containers. */
async function shown(): Promise<[string, string][]> {
  const places: [string, string][] = [];
  for (const { id, service, state } of await world.platform.containers()) {
    places.push([`inspect ${service}`, (await execa('docker', ['inspect', id])).stdout]);
    if (state !== 'running') continue;
    const { stdout } = await execa('docker', ['top', id, '-eo', 'pid']);
    for (const pid of stdout
      .split('\n')
      .slice(1)
      .map((line) => line.trim())) {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const words = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      places.push([`process ${pid} of ${service}`, `${environment}\0${words}`]);
    }
  }
  return places;
}

async function run(...flags: string[]): Promise<{ report: RunReport; stderr: string }> {
  const { exitCode, stdout, stderr } = await world.cli('start', 'migrate-secrets', ...flags);
  expect({ exitCode, stdout: flags.includes('--plan') ? '' : stdout }, stderr).toEqual({
    exitCode: 0,
    stdout: '',
  });
  const id = /run (\S+)$/m.exec(stderr)?.[1] ?? '';
  return { report: await world.report(world.client.workflow.getHandle(id)), stderr };
}

const current = async (secret: string): Promise<string> => {
  const values = [...(await secretValues(world.platform.directory))];
  // Of a secret that was rotated once: the second version.
  return (
    values
      .filter(([name]) => name.startsWith(`${secret}@`))
      .sort()
      .at(-1)?.[1] ?? ''
  );
};

async function minioAnswer(secretAccessKey: string): Promise<number> {
  const port = /^MINIO_API_PORT=(\d+)$/m.exec(await world.platform.read('.env'))?.[1];
  const client = new AwsClient({
    ...{ accessKeyId: 'lab-root', secretAccessKey, service: 's3', region: 'us-east-1' },
  });
  return (await client.fetch(`http://127.0.0.1:${port}/`)).status;
}

/** It answers with its database behind it. */
async function logsIn(user: string, password: string): Promise<boolean> {
  const port = /^KEYCLOAK_PORT=(\d+)$/m.exec(await world.platform.read('.env'))?.[1];
  const body = new URLSearchParams({
    ...{ grant_type: 'password', client_id: 'admin-cli', username: user, password },
  });
  const url = `http://127.0.0.1:${port}/realms/master/protocol/openid-connect/token`;
  const answer = await fetch(url, { method: 'POST', body }).catch(() => undefined);
  return answer?.ok ?? false;
}

test('before, every password can be seen', async () => {
  expect(new Set(leaks(planted, await shown()).map((line) => line.split(' ')[0]))).toEqual(
    new Set(planted.keys()),
  );
  expect(await logsIn('lab-admin', planted.get('KEYCLOAK_ADMIN_PASSWORD') ?? '')).toBe(true);
});

test('a plan shows the diff without a value, says what stays, and changes nothing', async () => {
  const { stdout, stderr, exitCode } = await world.cli('start', 'migrate-secrets', '--plan');
  expect(exitCode, stderr).toBe(0);
  expect(leaks(planted, [['plan', `${stdout}${stderr}`]])).toEqual([]);
  expect(stdout).toContain('-export NESSIE_DB_PASSWORD=[value]');
  expect(stdout).toContain('MINIO_ROOT_PASSWORD_FILE: /run/secrets/minio-root-password');
  expect(stdout).toMatch(/~ start-keycloak +recreate keycloak with files in their place/);
  expect(stdout).toMatch(/~ rotate +start rotate-secrets with .*keycloak-admin-password/);
  expect(stdout).toMatch(/# stays: reporter\/REPORT_TOKEN \(compose.yaml:\d+\): no way is known/);
  expect(await textsOf(files)).toEqual(before);
});

test('a run that is stopped half-way brings back files, containers and logins', async () => {
  const handle = await world.start('migrate-secrets');
  await world.untilState(
    handle,
    ({ steps }) => steps.some(({ id, status }) => id === 'start-keycloak' && status === 'running'),
    180_000,
  );
  expect(await textsOf(files)).not.toEqual(before);
  const stop = { mode: 'undo', by: 'ann', why: 'not today' };
  await handle.executeUpdate('stop', { args: [stop] });
  const report = await world.report(handle);
  expect(report).toMatchObject({ outcome: 'stopped', changed: false });
  expect(await textsOf(files)).toEqual(before);
  const delivered = join(world.platform.directory, '.secrets', 'delivered');
  expect(await readdir(delivered)).toEqual([]);
  expect(new Set(leaks(planted, await shown()).map((line) => line.split(' ')[0]))).toEqual(
    new Set(planted.keys()),
  );
  // Its database was made anew last, and its pool notices at the next use.
  await until('Keycloak knows its administrator', () =>
    logsIn('lab-admin', planted.get('KEYCLOAK_ADMIN_PASSWORD') ?? ''),
  );
}, 400_000);

test('moves every password that an image takes from a file, and proves that none is left', async () => {
  const watch = ProcessWatch.start();
  const startedAt = performance.now();
  const { report, stderr } = await run('--yes');
  const seconds = (performance.now() - startedAt) / 1000;
  const seen = await watch.stop();
  process.stdout.write(`migrate-secrets: ${seconds.toFixed(1)} s\n`);
  expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ name: 'not covered: reporter/REPORT_TOKEN', ok: false }),
  );
  expect(report.findings.filter(({ name }) => name.startsWith('not rotated'))).toEqual([]);
  rotation = report.findings.find(({ name }) => name === 'rotation')?.run ?? '';
  expect(stderr).toContain(`runbook watch ${rotation}`);

  const now = await textsOf(files);
  const { directory } = world.platform;
  expect(leaks(moved, [...(await shown()), ...now])).toEqual([]);
  expect(leaks(planted, [['compose.yaml', now.get('compose.yaml') ?? '']])).toEqual([
    'REPORT_TOKEN in compose.yaml',
  ]);
  expect(now.get('.env')).toContain('# first login at :28080/admin');

  const platform = parsePlatformFile(now.get('platform.yaml') ?? '', 'platform.yaml');
  expect(Object.keys(platform.secrets.items)).toHaveLength(moved.size);
  for (const [secret, { deliver, credential }] of Object.entries(platform.secrets.items)) {
    expect({ secret, ...credential }).toMatchObject({ secret, ...accounts[secret] });
    for (const [consumer, reader] of Object.entries(deliver)) {
      const uid = uidOf(reader);
      const facts = await stat(join(directory, '.secrets', 'delivered', consumer, secret));
      expect({ consumer, secret, uid: facts.uid, mode: facts.mode & 0o7777 }).toEqual({
        ...{ consumer, secret, uid },
        mode: 0o400,
      });
    }
  }

  const handle = world.client.workflow.getHandle(report.run);
  const told: [string, string][] = [
    ['history', await historyText(handle)],
    ['report', JSON.stringify(report)],
    ['worker', world.worker.output],
    ['commands', [...seen.commands].join('\n')],
  ];
  for (const command of ['logs', 'status', 'report']) {
    const { stdout, stderr } = await world.cli(command, report.run);
    told.push([command, `${stdout}${stderr}`]);
  }
  // Documented: the copies of the files, and pinned configurations; every other file of the state directory is clean.
  const kept = [...(await textsBelow(world.stateDirectory))].filter(
    ([path]) => !/\/(migration\/[^/]+|compose\.json|migration\/before\/.*)$/.test(path),
  );
  expect(leaks(planted, [...told, ...kept])).toEqual([]);
}, 600_000);

test('what has moved is rotated: the old values open nothing, and stand nowhere', async () => {
  const handle = world.client.workflow.getHandle(rotation);
  const report = await world.report(handle);
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  process.stdout.write(`rotate-secrets after it: ${seconds.toFixed(1)} s\n`);
  expect(report).toMatchObject({ outcome: 'succeeded', changed: true });
  expect(report.reason).toMatch(/^migrated by migrate-secrets-/);
  const versions = report.findings.filter(({ name }) => name.startsWith('version of '));
  expect(versions.map(({ name }) => name.replace('version of ', '')).sort()).toEqual(
    Object.keys(accounts).sort(),
  );

  const old = (name: string) => planted.get(name) ?? '';
  const host = await addressOf(world.platform.project, 'pg1');
  const logIn = (user: string, password: string) => {
    const database = user === 'replicator' ? 'postgres' : user;
    return passwordAnswer({ host, user, database, password });
  };
  const roles = {
    ...{ postgres: 'PG_SUPERUSER_PASSWORD', replicator: 'PG_REPLICATION_PASSWORD' },
    ...{ keycloak: 'KEYCLOAK_DB_PASSWORD', nessie: 'NESSIE_DB_PASSWORD' },
  };
  for (const [role, name] of Object.entries(roles)) {
    expect({ role, answer: await logIn(role, old(name)) }).toEqual({ role, answer: '28P01' });
    const now = await current(asSecret(name));
    // One that only replicates has no database of its own; it is let in all the same.
    expect({ role, answer: await logIn(role, now) }).toEqual({ role, answer: 'in' });
  }
  expect(await minioAnswer(old('MINIO_ROOT_PASSWORD'))).toBe(403);
  expect(await minioAnswer(await current('minio-root-password'))).toBe(200);
  expect(await logsIn('lab-admin', old('KEYCLOAK_ADMIN_PASSWORD'))).toBe(false);
  expect(await logsIn('lab-admin', await current('keycloak-admin-password'))).toBe(true);

  const fresh = await secretValues(world.platform.directory);
  const told: [string, string][] = [
    ...(await shown()),
    ...(await textsOf(files)),
    ['history', await historyText(handle)],
    ['report', JSON.stringify(report)],
    ['worker', world.worker.output],
  ];
  expect(leaks(moved, told)).toEqual([]);
  expect(leaks(fresh, told)).toEqual([]);
  const delivered = await textsBelow(join(world.platform.directory, '.secrets', 'delivered'));
  expect(leaks(moved, [...delivered])).toEqual([]);
}, 900_000);

test('a deploy and a second migration find nothing to do', async () => {
  const deployed = await world.report(await world.start('deploy'));
  expect(deployed.outcome).toBe('succeeded');
  const again = await world.report(await world.start('migrate-secrets'));
  expect(again).toMatchObject({ outcome: 'succeeded', changed: false });
}, 300_000);
