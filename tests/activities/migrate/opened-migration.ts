import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { createMigrateActivities } from '../../../src/activities/migrate/activities.ts';
import { dockerDouble } from '../docker-double.ts';
import { runAttempt, testAttempt, testContext, testPlatform } from '../test-attempt.ts';

export const compose = `# what runs
services:
  db:
    image: acme/db
    environment:
      ROOT_PASSWORD: \${DB_PASSWORD}   # the only one
  web:
    environment: { API_TOKEN: canary-web-token, A: b }
`;
export const environment = '# settings\nDB_PASSWORD=canary-db-password-1\nPORT=80\n';
const platformText = `schema: runbook.platform/v1
name: mini
compose: { project: mini }
environment: { variables: { DB_PASSWORD: { description: Of the database, secret: {} } } }
secrets: { fileVariables: { db: "{}_FILE" } }
services: { db: { kind: container }, web: { kind: container } }
`;

export const uid = process.getuid?.() ?? 0;

/** Nothing here starts one. */
export const rotations = {
  workflowClient: {
    start: () => Promise.reject(new Error('not here')),
    getHandle: () => ({ describe: () => Promise.reject(new Error('not here')) }),
  },
  checkRequest: () => Promise.reject(new Error('not here')),
};

export function containerOf(service: string, env: readonly string[], more: object = {}) {
  return {
    Id: `id-of-${service}`,
    Name: `/mini-${service}-1`,
    Config: {
      Labels: { 'com.docker.compose.service': service },
      ...{ Env: env, Image: `acme/${service}`, User: String(uid), Entrypoint: ['run'], Cmd: [] },
    },
    State: { Running: false },
    ...more,
  } as unknown as ContainerInspectInfo;
}

/** A platform of two services whose files are in a folder of their own, and the activities that migrate it. */
export async function opened() {
  const directory = await mkdtemp(join(tmpdir(), 'rbtest-migrate-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const runDirectory = join(directory, '.run');
  await mkdir(runDirectory);
  await writeFile(join(runDirectory, 'compose.json'), '{"name":"mini","services":{}}');
  await writeFile(join(runDirectory, 'compose-hashes.json'), '{}');
  const files: Readonly<Record<string, string>> = {
    ...{ 'compose.yaml': compose, '.env': environment, 'platform.yaml': platformText },
    '.env.previous': 'DB_PASSWORD=canary-db-password-1\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text, { mode: name === '.env' ? 0o600 : 0o644 });
  }
  const platform = testPlatform(parse(platformText), directory);
  const attempt = testAttempt({ runDirectory, platform: async () => platform });
  const containers = [
    containerOf('db', ['ROOT_PASSWORD=canary-db-password-1']),
    containerOf('web', ['API_TOKEN=canary-web-token']),
  ];
  const { engine, compose: cli } = dockerDouble('mini');
  const a = createMigrateActivities({
    ...{ engine, compose: cli, stateDirectory: directory },
    ...rotations,
    // Whoever asked for less could prove nothing.
    machine: { inspect: async (_, extent) => (extent === 'all' ? containers : []) },
    platformFiles: [join(directory, 'other.yaml'), join(directory, 'platform.yaml')],
  });
  return {
    ...{ a, attempt, platform, directory, containers, files },
    call: <T>(work: (ctx: typeof testContext) => Promise<T>) =>
      runAttempt(attempt, () => work(testContext)),
    read: (name: string) => readFile(join(directory, name), 'utf8'),
    write: (name: string, text: string) => writeFile(join(directory, name), text),
    async backedUp() {
      await runAttempt(attempt, () => a.backUpFiles(testContext, {}));
    },
  };
}
