import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../../src/client/commands/config.ts';
import { configure } from '../../../src/client/config/configuration.ts';
import type { Setting } from '../../../src/client/config/setting.ts';
import { connectionSettings } from '../../../src/client/connection.ts';
import { runInProcess } from '../support/in-process.ts';
import { recordSession } from '../support/recorder.ts';

let root = '';
let cwd = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rbtest-configuration-'));
  cwd = join(root, 'project', 'deep', 'down');
  await mkdir(cwd, { recursive: true });
  await mkdir(join(root, 'home', 'runbook'), { recursive: true });
  await write(
    'project/runbook.yaml',
    'namespace: project\nplatforms: [lab/platform.yaml, /abs.yaml]\nplatform: lab\nstateDirectory: .state\n',
  );
  await write(
    'home/runbook/config.yaml',
    'address: user:7233\nnamespace: user\nprofile: mine\nprogress: lines\n',
  );
  await writeFile(
    join(root, 'temporal.toml'),
    '[profile.mine]\naddress = "mine:7233"\n[profile.prod]\naddress = "prod:7233"\nnamespace = "ops"\n',
  );
});
afterAll(() => rm(root, { recursive: true }));

const write = (file: string, text: string) =>
  writeFile(join(root, file), `schema: runbook.config/v1\n${text}`);

type Env = Record<string, string>;
const home = () => ({
  XDG_CONFIG_HOME: join(root, 'home'),
  TEMPORAL_CONFIG_FILE: join(root, 'temporal.toml'),
});
const configuredTo = async (name: string, env: Env = {}, flags = {}) =>
  (await configure(flags, { ...home(), ...env }, cwd)).env[name];

test.each([
  ['the nearest runbook.yaml above', 'TEMPORAL_NAMESPACE', {}, {}, 'project'],
  [
    "a person's own file, for what the project leaves open",
    'TEMPORAL_ADDRESS',
    {},
    {},
    'user:7233',
  ],
  ['a variable over both', 'TEMPORAL_NAMESPACE', { TEMPORAL_NAMESPACE: 'env' }, {}, 'env'],
  [
    'a variable of runbook over one of the temporal command',
    'TEMPORAL_NAMESPACE',
    { TEMPORAL_NAMESPACE: 'env', RUNBOOK_NAMESPACE: 'own' },
    {},
    'own',
  ],
  ['a flag over all', 'TEMPORAL_PROFILE', { TEMPORAL_PROFILE: 'x' }, { profile: 'prod' }, 'prod'],
] as const)('counts: %s', async (_, name, env, flags, value) => {
  expect(await configuredTo(name, env, flags)).toBe(value);
});

test('paths of a file are meant from its folder', async () => {
  const project = join(root, 'project');
  expect(await configuredTo('RUNBOOK_PLATFORMS')).toBe(`${project}/lab/platform.yaml:/abs.yaml`);
  expect(await configuredTo('RUNBOOK_STATE_DIR')).toBe(`${project}/.state`);
  expect(await configuredTo('RUNBOOK_STATE_DIR', { RUNBOOK_STATE_DIR: '/own' })).toBe('/own');
});

test.each([
  ['of the same file yields to its address', {}, {}, 'user:7233'],
  ['that a flag names brings its own', {}, { profile: 'prod' }, 'prod:7233'],
  ['that a variable names brings its own', { RUNBOOK_PROFILE: 'prod' }, {}, 'prod:7233'],
  ['yields to a variable', { TEMPORAL_PROFILE: 'prod', TEMPORAL_ADDRESS: 'env:1' }, {}, 'env:1'],
] as const)('the address of a profile %s', async (_, env, flags, address) => {
  const found = await configure(flags, { ...home(), ...env }, cwd);
  expect(connectionSettings({}, found.env).address).toBe(address);
});

test('--config and RUNBOOK_CONFIG take the place of what is found, for what is started from here too', async () => {
  await write('other.yaml', 'namespace: other\n');
  const other = join(root, 'other.yaml');
  for (const [env, flags] of [
    [{}, { config: '../../../other.yaml' }],
    [{ RUNBOOK_CONFIG: other }, {}],
  ] as const) {
    const found = await configure(flags, { ...home(), ...env }, cwd);
    expect(found.env).toMatchObject({ TEMPORAL_NAMESPACE: 'other', RUNBOOK_CONFIG: other });
    expect(found.env.RUNBOOK_STATE_DIR).toBeUndefined();
  }
});

test('runbook config says of each value which file it is from', async () => {
  const { env, origins, files } = await configure({}, home(), cwd);
  const { session, stdout } = recordSession({ env, settings: { output: 'json' } });
  await config({}, { ...session, cwd, origins, configFiles: files });
  const settings: readonly Setting[] = JSON.parse(stdout.text);
  const of = (name: string) => settings.find((setting) => setting.name === name);
  const project = join(root, 'project', 'runbook.yaml');
  const user = join(root, 'home', 'runbook', 'config.yaml');
  expect(of('project-config')).toMatchObject({ value: project, source: 'found' });
  expect(of('namespace')).toMatchObject({ value: 'project', source: 'project', from: project });
  expect(of('address')).toMatchObject({ value: 'user:7233', source: 'user', from: user });
  expect(of('platform')).toMatchObject({ value: 'lab', source: 'project', from: project });
  expect(of('state-directory')).toMatchObject({ source: 'project', from: project });
  expect(of('progress')).toMatchObject({ source: 'user', from: user });
});

const run = (folder: string, args: readonly string[], env: Env = {}) =>
  runInProcess(args, { cwd: join(root, folder), env: { ...home(), HOME: root, ...env } });

test('what is wrong in a file is told with its place and the nearest key, and nothing is done', async () => {
  await mkdir(join(root, 'wrong'));
  await write('wrong/runbook.yaml', 'adress: x:1\nprogress: lives\nplatform: Lab\n');
  const { code, stdout, stderr } = await run('wrong', ['list']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(
    'runbook.yaml:2:1 adress: expected a known key (did you mean "address"?)',
  );
  expect(stderr).toContain('runbook.yaml:3:11 progress: expected one of');
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('(did you mean "live"?), got "lives"');
  expect(stderr).toContain('runbook.yaml:4:11 platform: expected a name of lower-case letters');
  // Also what is not about the configuration can still be told, and asked for.
  expect(await run('wrong', ['lst'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('list"?'),
  });
  expect(await run('wrong', ['--help'])).toMatchObject({ code: 0 });
});

test.each(['password: x', 'temporalCli: /bin/sh', 'compose: /bin/sh'])(
  'a file holds no credential and names no program: %s',
  async (line) => {
    await write('bad.yaml', `${line}\n`);
    expect(await run('project', ['list', '--config', '../bad.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RB_FILE_INVALID'),
    });
  },
);

test('a configuration that was named has to be there', async () => {
  expect(await run('project', ['--config', 'no.yaml', 'list'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'error RB_FILE_UNREADABLE: cannot read the configuration no.yaml',
    ),
  });
});

test('output, colour and progress can be set by file and variable; a flag wins', async () => {
  await mkdir(join(root, 'json'));
  await write('json/runbook.yaml', 'output: json\ncolor: always\n');
  expect(JSON.parse((await run('json', ['version'])).stdout)).toMatchObject({
    version: expect.any(String),
  });
  expect((await run('json', ['version', '-o', 'text'])).stdout).toMatch(/^runbook /);
  const table = (args: readonly string[], env: Env = {}) =>
    run('json', ['-o', 'text', 'list', ...args], env);
  expect((await table([])).stdout).toContain('\u001b[');
  expect((await table(['--no-color'])).stdout).not.toContain('\u001b[');
  expect((await table([], { RUNBOOK_COLOR: 'never' })).stdout).not.toContain('\u001b[');
});

test('a variable that is none of the choices is refused with them', async () => {
  const { code, stderr } = await run('project', ['list'], { RUNBOOK_PROGRESS: 'lins' });
  expect(code).toBe(2);
  expect(stderr).toContain('RUNBOOK_PROGRESS is "lins"');
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('none (did you mean "lines"?)');
});
