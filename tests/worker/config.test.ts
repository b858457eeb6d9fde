import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/worker/config.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toMatchObject({
    stateDirectory: join(homedir(), '.local', 'state', 'runbook'),
    defaultPlatform: undefined,
    heartbeatTimeoutMs: 8000,
    workflowBundle: undefined,
    identity: expect.stringMatching(new RegExp(`^runbook@.+:${process.pid}$`)),
  });
});

test('takes what the environment says', () => {
  const config = readConfig({
    RUNBOOK_STATE_DIR: 'state',
    RUNBOOK_PLATFORMS: '/a/platform.yaml::/b/platform.yaml',
    RUNBOOK_PLATFORM: 'lab',
    RUNBOOK_HEARTBEAT_TIMEOUT_MS: '1500',
    RUNBOOK_WORKFLOW_BUNDLE: '/bundle.js',
  });
  expect(config).toMatchObject({
    stateDirectory: resolve('state'),
    platformFiles: ['/a/platform.yaml', '/b/platform.yaml'],
    defaultPlatform: 'lab',
    heartbeatTimeoutMs: 1500,
    workflowBundle: '/bundle.js',
  });
});

test('a variable that is set and empty counts as not set', () => {
  const empty = {
    RUNBOOK_STATE_DIR: '',
    XDG_STATE_HOME: '',
    RUNBOOK_PLATFORMS: '',
    RUNBOOK_PLATFORM: '',
    RUNBOOK_HEARTBEAT_TIMEOUT_MS: '',
    RUNBOOK_WORKFLOW_BUNDLE: '',
  };
  expect(readConfig(empty)).toEqual(readConfig({}));
});

test('follows XDG_STATE_HOME', () => {
  expect(readConfig({ XDG_STATE_HOME: '/var/state' }).stateDirectory).toBe('/var/state/runbook');
});

test('finds the platforms of the folder that it is started in', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'compose', 'lab'), { recursive: true });
  await writeFile(join(folder, 'compose', 'lab', 'platform.yaml'), '');
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
  onTestFinished(() => cwd.mockRestore());
  expect(readConfig({}).platformFiles).toEqual([join(folder, 'compose/lab/platform.yaml')]);
});

// NaN or 0 would turn the time-out off: a lost attempt would never be noticed.
test.each(['soon', '0', '-5', '8s'])('refuses a heartbeat timeout of %j', (given) => {
  expect(() => readConfig({ RUNBOOK_HEARTBEAT_TIMEOUT_MS: given })).toThrow();
});
