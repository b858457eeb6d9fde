import { copyFile, link, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UpNote } from '../../src/client/up/note.ts';
import { freePort } from '../support/free-port.ts';
import { PlatformCopy } from '../support/platform-copy.ts';
import { temporalCli } from '../support/temporal-server.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** An empty folder, a home of its own, and the tarball of this checkout installed into it. */
class Installed {
  readonly folder: string;
  private readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.env = env;
  }

  static async pack(): Promise<Installed> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'rbtest-package-')));
    const [tools, home, folder] = ['tools', 'home', 'folder'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [tools, home, folder]) await mkdir(path);
    // The programs of this machine, but not at their places in the checkout.
    await place(process.execPath, join(tools, 'node'));
    await place(temporalCli(), join(tools, 'temporal'));
    const { stdout: cache } = await execa('npm', ['config', 'get', 'cache'], { cwd: checkout });
    await execa('npm', ['pack', '--pack-destination', root], { cwd: checkout });
    const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
    const installed = new Installed(folder, {
      PATH: `${tools}:/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      npm_config_cache: cache,
      RUNBOOK_STATE_DIR: join(root, 'state'),
      ...(process.env.NODE_EXTRA_CA_CERTS
        ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }
        : {}),
    });
    const tarball = join(root, `runbook-${version}.tgz`);
    await installed.run('npm', [
      'install',
      ...['--prefer-offline', '--no-audit', '--no-fund'],
      tarball,
    ]);
    return installed;
  }

  /** `npx runbook`: the command that npm linked into the folder. */
  runbook(...args: string[]) {
    return this.run('npx', ['--no-install', 'runbook', ...args]);
  }

  async note(): Promise<UpNote> {
    return JSON.parse(await readFile(join(this.env.RUNBOOK_STATE_DIR ?? '', 'up.json'), 'utf8'));
  }

  async remove(): Promise<void> {
    await this.runbook('down').catch(() => undefined);
    await rm(join(this.folder, '..'), { recursive: true, force: true });
  }

  private run(file: string, args: readonly string[]) {
    return execa(file, args, {
      cwd: this.folder,
      env: this.env,
      extendEnv: false,
      stdin: 'ignore',
      timeout: 100_000,
    });
  }
}

async function place(program: string, target: string): Promise<void> {
  const source = await realpath(program);
  await link(source, target).catch(() => copyFile(source, target));
}

/** Everything that the kernel knows of a process: what it was told, and the files that it runs. */
async function factsOf(pid: number): Promise<string> {
  const files = ['cmdline', 'environ', 'maps'].map((name) =>
    readFile(`/proc/${pid}/${name}`, 'utf8'),
  );
  return [...(await Promise.all(files)), await realpath(`/proc/${pid}/cwd`)].join('\n');
}

let installed: Installed;
let platform: PlatformCopy;
beforeAll(async () => {
  installed = await Installed.pack();
  platform = await PlatformCopy.of('mini');
});
afterAll(async () => {
  await installed?.remove();
  await platform?.destroy();
});

test('the package says its version, its commit, and that it was built', async () => {
  const { stdout } = await installed.runbook('version', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ version: '0.1.0', built: true });
});

test('it brings its runbooks, its schemas and its completions along', async () => {
  expect((await installed.runbook('list')).stdout).toContain('verify-platform');
  expect((await installed.runbook('schema', 'list')).stdout).toContain('platform');
  expect((await installed.runbook('completion', 'bash')).stdout).toContain('complete');
});

test('it validates its own definitions and a platform file', async () => {
  const own = JSON.parse((await installed.runbook('validate', '-o', 'json')).stdout);
  expect(own.map(({ file }: { file: string }) => file)).toEqual([
    'node_modules/runbook/runbooks/deploy.yaml',
    'node_modules/runbook/runbooks/migrate-secrets.yaml',
    'node_modules/runbook/runbooks/restart.yaml',
    'node_modules/runbook/runbooks/rotate-secrets.yaml',
    'node_modules/runbook/runbooks/verify-platform.yaml',
  ]);
  const { stderr } = await installed.runbook('validate', platform.platformFile);
  expect(stderr).toContain('1 file valid');
});

test('it deploys a platform with its own server and worker, and none of them uses the checkout', async () => {
  const ports = ['--port', `${await freePort()}`, '--ui-port', `${await freePort()}`];
  await installed.runbook('up', '--detach', ...ports, '--platform', platform.platformFile);
  const { supervisor, children } = await installed.note();
  const pids = [supervisor.pid, ...Object.values(children).map(({ pid }) => pid)];
  expect(pids).toHaveLength(3);
  for (const pid of pids) {
    const facts = await factsOf(pid);
    expect(facts).not.toContain(checkout);
    expect(facts).not.toContain(await realpath(join(checkout, 'node_modules')));
  }

  await installed.runbook('start', 'deploy', '--yes', '--id', 'packaged');
  expect(await platform.effects()).toEqual({ db: 1, migrate: 1, web: 1 });
  const { stdout } = await installed.runbook('report', 'packaged', '-o', 'json');
  const { outcome, codeVersion } = JSON.parse(stdout);
  expect(outcome).toBe('succeeded');
  expect(codeVersion).toMatch(/^0\.1\.0\+([0-9a-f]{12}\.)?built$/);

  const { stderr } = await installed.runbook('down');
  expect(stderr).toContain('runbook is down');
});
