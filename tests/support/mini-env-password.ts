import { join } from 'node:path';
import { openSecretStore } from '../../src/activities/secrets/store.ts';
import type { RunReport } from '../../src/shared/report.ts';
import type { RunState } from '../../src/shared/run-state.ts';
import type { PlatformCopy } from './platform-copy.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** The password of mini's database in the environment of whoever knows it, as many platforms have theirs. */
export async function passwordInEnvironment(platform: PlatformCopy): Promise<void> {
  await platform.edit('compose.yaml', (text) =>
    text
      .replace('      - ./.secrets/delivered/db:/run/secrets:ro\n', '')
      .replace('      - ./.secrets/delivered/migrate:/run/secrets:ro\n', '')
      .replace(
        '    command: [db]\n',
        '    command: [db]\n    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "$DB_PASSWORD" }\n',
      )
      .replace(
        '    command: [migrate]\n',
        '    command: [migrate]\n    environment: [DB_PASSWORD]\n',
      ),
  );
  await platform.edit('platform.yaml', (text) =>
    text
      .replace(
        /^secrets:\n {2}items:\n(?: {4}.*\n)+/m,
        '    DB_PASSWORD: { description: The password of app., secret: {} }\n\nsecrets:\n',
      )
      .replace('{ web: "{}_FILE" }', '{ web: "{}_FILE", migrate: "{}_FILE" }'),
  );
}

/** Waits for the rotation that a migration has started, which goes on after it; a parked one is told. */
export async function rotated({ client }: World, { findings }: RunReport): Promise<void> {
  const handle = client.workflow.getHandle(findings.flatMap(({ run }) => run ?? [])[0] ?? 'none');
  const hasEnded = async () => {
    if ((await handle.describe()).status.name !== 'RUNNING') return true;
    const { state, steps } = await handle.query<RunState>('state');
    throw new Error(`it is ${state} at ${JSON.stringify(steps.at(-1))}`);
  };
  await until(`${handle.workflowId} has ended`, hasEnded, 60_000);
}

/** What became of the database's password, in words when it was not rotated; nothing when it was. */
export async function notRotated({
  platform,
}: Pick<World, 'platform'>): Promise<string | undefined> {
  const store = openSecretStore(join(platform.directory, '.secrets', 'store'));
  const { value, version } = (await store.readCurrent('db-password')) ?? {};
  const { pending, previous } = await store.labels('db-password');
  const files = ['db', 'migrate', 'web'].map((consumer) =>
    platform.read(join('.secrets', 'delivered', consumer, 'db-password')).catch(() => 'none'),
  );
  const delivered = (await Promise.all(files)).every((text) => text === value);
  if (delivered && pending === undefined && previous !== undefined) return undefined;
  return JSON.stringify({ version, pending, previous, delivered });
}
