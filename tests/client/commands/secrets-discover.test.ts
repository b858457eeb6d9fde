import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { secretsDiscover } from '../../../src/client/commands/secrets-discover.ts';
import type { OutputFormat } from '../../../src/shared/display-modes.ts';
import { recordSession } from '../support/recorder.ts';

const compose = `name: rbtest-nothing-runs
services:
  web:
    environment: { WEB_TOKEN: "\${WEB_TOKEN}", SESSION_KEY: canary8a2c }
`;
const platform = (secrets: string) => `schema: runbook.platform/v1
name: shop
compose: { project: rbtest-nothing-runs }
environment: { variables: { WEB_TOKEN: { description: t, secret: {} } } }
secrets: ${secrets}
services: { web: { kind: container } }
`;

async function discovered(
  files: Readonly<Record<string, string>>,
  { where, output = 'text' }: { where?: string; output?: OutputFormat } = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-secrets-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const all = { 'compose.yaml': compose, '.env': 'WEB_TOKEN=canary5d1e\n', ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(join(directory, name), text);
  const { session, stdout, stderr } = recordSession({ settings: { output } });
  const exitCode = await secretsDiscover({ where }, { ...session, cwd: directory });
  expect(stdout.text + stderr.text).not.toContain('canary');
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

test('says what is red, where, and what to paste', async () => {
  const { exitCode, stdout, stderr } = await discovered({ 'platform.yaml': platform('{}') });
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/red {7}SESSION_KEY [0-9a-f]{16}/);
  expect(stdout).toContain('compose.yaml:4 web/SESSION_KEY (variable): nobody declares it');
  expect(stdout).toMatch(/declared {2}WEB_TOKEN/);
  expect(stdout).toContain('- { what: "web/SESSION_KEY", reason: TODO');
  expect(stderr).toContain('2 credentials, 1 red, 0 waived, 1 declared');
});

test('is content with what is declared or waived', async () => {
  const waiver = '{ waivers: [{ what: SESSION_KEY, reason: a test, expires: 2999-01-01 }] }';
  const { exitCode, stdout } = await discovered(
    { 'platform.yaml': platform(waiver) },
    { output: 'json' },
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'runbook.secret-inventory/v1',
    credentials: [
      { name: 'SESSION_KEY', state: 'waived' },
      { name: 'WEB_TOKEN', state: 'declared' },
    ],
  });
});

test('takes the folder of a project that has no platform file', async () => {
  const { exitCode, stdout } = await discovered({}, { where: '.', output: 'json' });
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    project: 'rbtest-nothing-runs',
    credentials: [{ name: 'SESSION_KEY' }, { name: 'WEB_TOKEN', state: 'red' }],
    proposal: expect.stringContaining('WEB_TOKEN: {'),
  });
});
