import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../../src/client/commands/config.ts';
import type { Setting } from '../../../src/client/config/setting.ts';
import { connectionSettings } from '../../../src/client/connection.ts';
import type { Settings } from '../../../src/client/session.ts';
import { wantsColour } from '../../../src/client/terminal.ts';
import { readConfig } from '../../../src/worker/config.ts';
import { recordSession } from '../support/recorder.ts';

let folder = '';
let profile = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-config-'));
  profile = join(folder, 'temporal.toml');
  await writeFile(
    profile,
    `[profile.prod]
address = "prod:7233"
namespace = "ops"
api_key = "canary3a1"
[profile.prod.tls]
client_cert_path = "${profile}"
client_key_data = "canary3a2"
[profile.prod.grpc_meta]
x-team = "canary3a3"
`,
  );
  await writeFile(
    join(folder, 'platform.yaml'),
    'schema: runbook.platform/v1\nname: shop\ncompose: { project: shop }\nservices: {}\n',
  );
  await mkdir(join(folder, 'state'));
  const note = { schema: 'runbook.up/v1', address: '127.0.0.1:7999', namespace: 'local' };
  await writeFile(join(folder, 'state', 'up.json'), JSON.stringify(note));
});
afterAll(() => rm(folder, { recursive: true }));

type Env = Record<string, string>;

async function read(env: Env, settings: Partial<Settings> = {}): Promise<readonly Setting[]> {
  const { session, stdout } = recordSession({
    env: { HOME: '/nobody', ...env },
    settings: { ...settings, output: 'json' },
  });
  expect(await config({}, { ...session, cwd: folder })).toBe(0);
  return JSON.parse(stdout.text);
}

const of = (settings: readonly Setting[], name: string) =>
  settings.find((setting) => setting.name === name);

const noted = () => ({ RUNBOOK_STATE_DIR: join(folder, 'state') });
const prod = () => ({ ...noted(), TEMPORAL_CONFIG_FILE: profile, TEMPORAL_PROFILE: 'prod' });
const named = { TEMPORAL_ADDRESS: 'env:1', TEMPORAL_NAMESPACE: 'env' };

test.each([
  ['a flag', () => ({ ...prod(), ...named }), { address: 'flag:1', namespace: 'flag' }, 'flag'],
  ['a variable', () => ({ ...prod(), ...named }), {}, 'environment'],
  ['the profile', prod, {}, 'profile'],
  ['what up noted', noted, {}, 'up'],
  ['the default', () => ({}), {}, 'default'],
] as const)(
  '%s decides where Temporal is, as it does for a connection',
  async (_, env, flags, source) => {
    const settings = await read(env(), flags);
    const used = connectionSettings(flags, { HOME: '/nobody', ...env() });
    for (const name of ['address', 'namespace'] as const) {
      expect(of(settings, name)).toMatchObject({ value: used[name], source });
    }
  },
);

test('the namespace that up noted does not count for another server', async () => {
  const settings = await read({ ...noted(), TEMPORAL_ADDRESS: 'elsewhere:7233' });
  expect(of(settings, 'namespace')).toMatchObject({ value: 'default', source: 'default' });
});

test('says where each value comes from', async () => {
  const settings = await read(prod(), { output: 'json', given: new Set(['output']) });
  expect(of(settings, 'address')?.from).toBe(`prod of ${profile}`);
  expect(of(settings, 'profile')?.from).toBe('TEMPORAL_PROFILE');
  expect(of(settings, 'state-directory')?.from).toBe('RUNBOOK_STATE_DIR');
  expect(of(settings, 'output')?.from).toBe('--output');
  expect(of(settings, 'tls')).toMatchObject({ value: 'on', source: 'profile' });
  expect(of(settings, 'tls.client-cert')?.value).toBe(profile);
});

test('never shows a secret, wherever it is set', async () => {
  const env = {
    TEMPORAL_API_KEY: 'canary3b1',
    TEMPORAL_GRPC_META_AUTHORIZATION: 'canary3b2',
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'canary3b3',
  };
  const settings = await read({ ...prod(), ...env });
  expect(JSON.stringify(settings)).not.toContain('canary');
  const masked = settings.filter(({ secret, value }) => secret && value !== null);
  expect(masked.map(({ name, value, source }) => [name, value, source])).toEqual([
    ['api-key', '********', 'environment'],
    ['tls.server-ca-cert', '********', 'environment'],
    ['tls.client-key', '********', 'profile'],
    ['grpc-meta.x-team', '********', 'profile'],
    ['grpc-meta.authorization', '********', 'environment'],
  ]);
});

test.each([
  {},
  { TEMPORAL_TLS: '0' },
  { TEMPORAL_TLS: 'true' },
  { TEMPORAL_API_KEY: 'k' },
] as Env[])('TLS is told as a connection has it: %j', async (env) => {
  const { tls } = connectionSettings({}, env).connectionOptions;
  expect(of(await read(env), 'tls')?.value).toBe(tls ? 'on' : 'off');
});

test('a profile that is not there is refused, as a connection refuses it', async () => {
  await expect(read({ ...prod(), TEMPORAL_PROFILE: 'dev' })).rejects.toMatchObject({
    code: 'RB_CONNECTION_SETTINGS',
  });
});

test.each([
  {},
  { RUNBOOK_HEARTBEAT_TIMEOUT_MS: '900', RUNBOOK_PLATFORM: 'lab', RUNBOOK_STATE_DIR: '/s' },
  { XDG_STATE_HOME: '/x', RUNBOOK_WORKFLOW_BUNDLE: '/b.js' },
] as Env[])('settings of the worker are those that the worker reads: %j', async (env) => {
  const settings = await read({ HOME: process.env.HOME ?? '', ...env });
  const worker = readConfig(env);
  expect(of(settings, 'state-directory')?.value).toBe(worker.stateDirectory);
  expect(of(settings, 'heartbeat-timeout-ms')?.value).toBe(`${worker.heartbeatTimeoutMs}`);
  expect(of(settings, 'workflow-bundle')?.value ?? undefined).toBe(worker.workflowBundle);
  expect(of(settings, 'platform')?.value).toBe(worker.defaultPlatform ?? 'shop');
});

test.each([
  {},
  { NO_COLOR: '1' },
  { FORCE_COLOR: '1', NO_COLOR: '1' },
  { FORCE_COLOR: '0' },
  { TERM: 'dumb' },
] as Env[])('colour is told as it is drawn: %j', async (env) => {
  const value = of(await read(env), 'color')?.value;
  const drawn = [true, false].map((isTTY) => wantsColour('auto', env, isTTY));
  expect(value).toBe(drawn[0] === drawn[1] ? (drawn[0] ? 'always' : 'never') : 'auto');
});

test('for people it is a table whose paths are whole', async () => {
  const { session, stdout } = recordSession({ env: { ...prod(), HOME: '/nobody' } });
  await config({}, session);
  expect(stdout.text).toMatch(/^SETTING +VALUE +FROM\nproject-config +- +default\n/);
  expect(stdout.text).toMatch(/^address +prod:7233 +profile prod of /m);
  expect(stdout.text).toContain(`profile prod of ${profile}\n`);
});

/** A Compose that answers so. */
async function composeThat(says: string): Promise<Env> {
  const program = join(folder, 'docker-compose');
  await writeFile(program, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  return { RUNBOOK_COMPOSE: program, PATH: process.env.PATH ?? '' };
}

test('Compose is told with its version', async () => {
  const settings = await read(await composeThat('echo 2.99.1'));
  expect(of(settings, 'compose')).toMatchObject({ source: 'environment' });
  expect(of(settings, 'compose-version')).toMatchObject({ value: '2.99.1', source: 'found' });
});

test('a Compose that is not there or does not tell its version says why', async () => {
  const broken = await read(await composeThat('echo "no such plugin" >&2; exit 1'));
  expect(of(broken, 'compose-version')).toMatchObject({
    value: null,
    why: 'not known: no such plugin',
  });
  const missing = await read({ RUNBOOK_COMPOSE: '/nonexistent' });
  expect(of(missing, 'compose')?.why).toContain('Docker Compose was not found');
  expect(of(missing, 'compose-version')).toMatchObject({
    value: null,
    why: 'Docker Compose was not found',
  });
});
