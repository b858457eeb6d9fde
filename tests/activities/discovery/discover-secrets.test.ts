import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, onTestFinished, test } from 'vitest';
import { discoverSecrets } from '../../../src/activities/discovery/discover-secrets.ts';
import { openSecretStore } from '../../../src/activities/secrets/store.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';

const root = join(import.meta.dirname, '../../..');
const recorded = async (name: string): Promise<ContainerInspectInfo> =>
  JSON.parse(await readFile(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8'));

async function inventory(
  directory: string,
  {
    composeFiles = ['compose.yaml'],
    containers = [] as readonly ContainerInspectInfo[],
    described = false,
  } = {},
) {
  const platform = described
    ? parsePlatformFile(await readFile(join(directory, 'platform.yaml'), 'utf8'), 'platform.yaml')
    : undefined;
  return discoverSecrets(
    { inspect: async () => containers },
    {
      ...{ project: 'x', directory, composeFiles, envFile: '.env', today: '2027-01-31' },
      hasContainers: containers.length > 0,
      ...(platform && { declared: platform }),
    },
  );
}

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-discover-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

describe('on platforms of the tests', () => {
  test('the shop has a password in its environment and a token in its compose file', async () => {
    const containers = await Promise.all(['db', 'shop', 'worker'].map(recorded));
    const { credentials, doubts } = await inventory(join(root, 'tests/platforms/shop'), {
      composeFiles: ['compose.yaml', 'compose.prod.yaml'],
      containers,
    });
    expect(doubts).toEqual([]);
    expect(credentials.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'DB_PASSWORD red',
      'SMTP_TOKEN red',
    ]);
  });

  test.each(['tests/platforms/queue', 'compose/lab', 'tests/platforms/mini'])(
    '%s has no credential that is not declared',
    async (path) => {
      const described = !path.endsWith('queue');
      const { credentials } = await inventory(join(root, path), { described });
      expect(credentials.filter(({ state }) => state === 'red')).toEqual([]);
    },
  );

  test('mini with its environment written has the token that its platform file declares', async () => {
    const directory = await folder({ '.env': 'WEB_TOKEN=hunter2\n' });
    await cp(join(root, 'tests/platforms/mini'), directory, { recursive: true });
    const { credentials } = await inventory(directory, { described: true });
    expect(credentials.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'WEB_TOKEN declared',
    ]);
  });
});

const compose = `include: [more/base.yaml]
services:
  web:
    volumes:
      - ./conf/app.properties:/etc/app.properties:ro
      - ./.secrets/delivered/web:/run/secrets:ro
      - { type: bind, source: ./tls, target: /tls }
      - data:/data
    env_file: [.env, { path: more/web.env }]
secrets:
  api: { file: ./api.txt }
volumes: { data: {} }
`;
const files = {
  'compose.yaml': compose,
  'more/base.yaml': 'services: { base: { env_file: base.env } }\n',
  'more/base.env': 'BASE_TOKEN=hunter7\n',
  'more/web.env': 'OTHER_TOKEN=hunter6\n',
  '.env': 'DB_PASSWORD=hunter1\n',
  'conf/app.properties': 'port = 80\ndb.password = hunter2\n',
  'tls/web.key': '-----BEGIN PRIVATE KEY-----\nhunter3\n-----END PRIVATE KEY-----\n',
  'tls/web.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n',
  'api.txt': 'hunter4\n',
  '.secrets/delivered/web/db-password': 'hunter5',
  'platform.yaml': `schema: runbook.platform/v1
name: x
compose: { project: x }
environment: { variables: { DB_PASSWORD: { description: d, secret: {} } } }
secrets: { items: { item: { description: d, deliver: {} } } }
services: {}
`,
} as const;

describe('files that services are given', () => {
  test('are looked at, each once, but not what is delivered', async () => {
    const directory = await folder(files);
    const { credentials } = await inventory(directory, { described: true });
    expect(
      credentials
        .map(({ places: [first] }) => `${first?.what} ${first?.place} ${first?.state}`)
        .sort(),
    ).toEqual([
      'BASE_TOKEN more/base.env:1 red',
      'DB_PASSWORD .env:1 declared',
      'OTHER_TOKEN more/web.env:1 red',
      'api.txt api.txt red',
      'conf/app.properties conf/app.properties:2 red',
      'tls/web.key tls/web.key:1 red',
    ]);
    expect(JSON.stringify(credentials)).not.toMatch(/hunter\d/);
  });

  test('are left alone when they are large, or are data', async () => {
    const directory = await folder({
      ...files,
      'conf/app.properties': `db.password = hunter2\n${'#'.repeat(300_000)}`,
      'tls/web.key': 'password = hunter3\0',
    });
    const { credentials } = await inventory(directory, { described: true });
    expect(credentials.map(({ name }) => name)).not.toContain('db.password');
    expect(credentials).toHaveLength(4);
  });
});

test("fingerprints are the store's where there is one, and nothing is written where there is none", async () => {
  const directory = await folder(files);
  const store = openSecretStore(join(directory, '.secrets', 'store'));
  await store.adopt('item', 'hunter2');
  const print = await store.fingerprint('hunter2');
  const { credentials } = await inventory(directory, { described: true });
  const found = credentials.find(({ fingerprint }) => fingerprint === print);
  expect(found?.places[0]?.why).toBe('a copy of the secret item');

  const without = await folder(files);
  await inventory(without, { described: true });
  await expect(readFile(join(without, '.secrets/store/.fingerprint-key'))).rejects.toThrow(
    'ENOENT',
  );
});
