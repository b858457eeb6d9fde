import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEnvironment } from '../../../src/client/init/variables.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rbtest-variables-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const find = async (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return findEnvironment({
    ...{ project: 'shop', directory: folder, files: ['compose.yaml'], profiles: [] },
    ...{ otherEnvFiles: [], hasContainers: true },
    ...('.env' in files ? { envFile: '.env' } : {}),
  });
};

const reference = (inner: string) => `$\{${inner}}`;

test('what the files take is a variable, required where it has a value or cannot be missed', async () => {
  const found = await find({
    'compose.yaml': [
      'services:',
      '  db:',
      `    image: db:${reference('TAG:-1')}`,
      '    environment:',
      `      PASSWORD: ${reference('DB_PASSWORD')}`,
      `      MUST: ${reference('MUST:?')}`,
      `      EMPTY: ${reference('EMPTY')}`,
    ].join('\n'),
    '.env': 'DB_PASSWORD=s3cret-value\nEMPTY=\nUNUSED=1\nCOMPOSE_PROFILES=x\n',
  });
  expect(found.variables).toEqual([
    { name: 'TAG', description: 'Taken by compose.yaml:3', required: false, looksSecret: false },
    {
      ...{ name: 'DB_PASSWORD', description: 'Taken by compose.yaml:5' },
      ...{ required: true, looksSecret: true },
    },
    {
      ...{ name: 'MUST', description: 'Taken by compose.yaml:6', required: true },
      ...{ looksSecret: false, todo: 'set nowhere, and Compose needs it' },
    },
    {
      ...{ name: 'EMPTY', description: 'Taken by compose.yaml:7', required: false },
      ...{ looksSecret: false, todo: 'set nowhere: Compose puts nothing in its place' },
    },
  ]);
  expect(JSON.stringify(found)).not.toContain('s3cret-value');
});

test('a file that is handed over whole makes all of it variables', async () => {
  const { variables } = await find({
    'compose.yaml': 'services:\n  web:\n    env_file: .env\n',
    '.env': 'API_TOKEN=abc\nMODE=x\n',
  });
  expect(variables.map(({ name, looksSecret }) => [name, looksSecret])).toEqual([
    ['API_TOKEN', true],
    ['MODE', false],
  ]);
});

test('a secret whose value stands in a compose file is told by its place', async () => {
  const { literalSecrets } = await find({
    'compose.yaml': [
      'services:',
      '  a:',
      '    environment:',
      '      API_TOKEN: abc',
      '      TOKEN_FILE: /run/secrets/token',
      `      DB_PASSWORD: ${reference('DB_PASSWORD')}`,
      '      KEYCLOAK_URL: http://x',
      '  b:',
      '    environment:',
      '      - ADMIN_PASSWORD=hunter2',
      '      - PASSED_ON_SECRET',
    ].join('\n'),
  });
  expect(literalSecrets).toEqual([
    { name: 'API_TOKEN', place: 'compose.yaml:4' },
    { name: 'ADMIN_PASSWORD', place: 'compose.yaml:10' },
  ]);
});

test('an example that is there is not the one that a deploy writes', async () => {
  expect((await find({ 'compose.yaml': '' })).example).toBe('.env.example');
  await writeFile(join(folder, '.env.example'), '');
  expect((await find({ 'compose.yaml': '' })).example).toBe('.env.runbook-example');
});
