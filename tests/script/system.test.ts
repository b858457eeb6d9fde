import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const library = join(import.meta.dirname, '../../script/system.sh');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-system-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The lines of /etc/os-release that are read, as the systems have them. */
const releases = {
  'Debian 12': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian',
  'Debian 13': 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian',
  'Ubuntu 22.04': 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy\nUBUNTU_CODENAME=jammy',
  'Ubuntu 24.04': 'VERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble',
  'Debian 11': 'VERSION_CODENAME=bullseye\nID=debian',
  'Ubuntu 20.04': 'ID=ubuntu\nVERSION_CODENAME=focal',
  'Linux Mint': 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma',
  Alpine: 'ID=alpine\nVERSION_ID=3.20.0',
};
type Name = keyof typeof releases;

/** What bash prints for `question` on that system, on a machine that has none of the programs. */
async function on(system: Name | 'none', question: string, env: Record<string, string> = {}) {
  const file = join(folder, system);
  if (system !== 'none') await writeFile(file, `${releases[system]}\n`);
  const script = `set -euo pipefail; source "$1"; read_system "$2"; ${question}`;
  const { stdout } = await execa('/bin/bash', ['-c', script, 'test', library, file], {
    extendEnv: false,
    env: { PATH: join(folder, 'empty'), ID: 'inherited', ...env },
  });
  return stdout.split('\n').filter(Boolean).join(' ');
}

const known = 'if system_is_known; then echo yes; else echo no; fi';

test.each([
  ['Debian 12', 'debian bookworm', 'yes'],
  ['Debian 13', 'debian trixie', 'yes'],
  ['Ubuntu 22.04', 'ubuntu jammy', 'yes'],
  ['Ubuntu 24.04', 'ubuntu noble', 'yes'],
  ['Debian 11', 'debian bullseye', 'no'],
  ['Ubuntu 20.04', 'ubuntu focal', 'no'],
  ['Linux Mint', 'linuxmint wilma', 'no'],
  ['Alpine', 'alpine', 'no'],
  ['none', 'unknown', 'no'],
] as const)('%s is "%s"; installs there: %s', async (system, name, installs) => {
  expect(await on(system, 'echo $SYSTEM')).toBe(name);
  expect(await on(system, known)).toBe(installs);
});

describe('the base image', () => {
  const packages =
    (env = {}) =>
    (system: Name) =>
      on(system, 'base_packages', { RUNBOOK_DEBIAN_KEYRING: '', ...env });

  test('is built from packages on Debian', async () => {
    expect(await packages()('Debian 13')).toContain('debootstrap');
  });

  test('is only pulled on Ubuntu, whose apt names no mirror of Debian', async () => {
    expect(await packages()('Ubuntu 24.04')).toBe('');
  });

  test('is built on Ubuntu from a mirror that was named, with the keys of Debian', async () => {
    const mirror = { RUNBOOK_DEBIAN_MIRROR: 'http://mirror.example/debian' };
    expect(await packages(mirror)('Ubuntu 24.04')).toMatch(/^debootstrap/);
  });

  test('takes newer keys as well on Ubuntu 22.04, whose own do not know Debian 13', async () => {
    const mirror = { RUNBOOK_DEBIAN_MIRROR: 'http://mirror.example/debian' };
    const keys = { RUNBOOK_DEBIAN_KEYRING: '/no/such/keyring' };
    expect(await packages(mirror)('Ubuntu 22.04')).toBe('');
    expect(await packages({ ...mirror, ...keys })('Ubuntu 22.04')).toBe(
      'debootstrap debian-archive-keyring',
    );
  });

  test('is built with the script of sid where debootstrap is older than the suite', async () => {
    await writeFile(join(folder, 'trixie'), '');
    const env = { DEBOOTSTRAP_SCRIPTS: folder };
    expect(await on('Debian 13', 'debootstrap_script trixie', env)).toBe('');
    expect(await on('Debian 13', 'debootstrap_script forky', env)).toBe(`${folder}/sid`);
  });
});

describe('Chromium', () => {
  test('comes from apt on Debian, and from nowhere on Ubuntu, where it is a snap', async () => {
    expect(await on('Debian 12', 'browser_packages')).toBe('chromium');
    expect(await on('Ubuntu 22.04', 'browser_packages')).toBe('');
  });

  test('does not count when it is a snap', async () => {
    const [real, snap] = [join(folder, 'chromium'), join(folder, 'chromium-of-snapd')];
    await writeFile(real, '');
    await symlink(join(folder, 'snap'), snap);
    const ask = `for each in ${real} ${snap} /snap/bin/chromium; do is_snap $each && echo yes || echo no; done`;
    expect(await on('Ubuntu 24.04', ask, { PATH: '/usr/bin:/bin' })).toBe('no yes yes');
  });
});
