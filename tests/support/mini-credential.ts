import { join } from 'node:path';
import { execa } from 'execa';
import { openSecretStore } from '../../src/activities/secrets/store.ts';
import type { World } from './world.ts';

export const miniSecret = 'db-password';

/** Says of the secret of mini what it opens, and makes web a consumer that restarts for it. */
export const describeCredential = ({ platform }: World): Promise<void> =>
  platform.edit('platform.yaml', (text) =>
    text.replace(
      'deliver: { db: 5432, migrate: 5432 }',
      `deliver:
        db: { uid: 5432, takes: start }
        migrate: { uid: 5432, takes: start }
        web: { uid: 5432, takes: restart }
      credential: { service: db, type: role, account: { role: app, database: app } }`,
    ),
  );

const mounts = `      - "127.0.0.1:\${WEB_PORT:-18970}:8080"
    volumes:
`;
const startsWithPlanted = `    entrypoint: [sh, -c, "test ! -e /effects/planted || cmp -s /effects/planted /run/secrets/db-password && exec entrypoint web"]
`;

/** In `compose.yaml` of mini: a web that has the secret's file, and starts with the planted value only, if there is one. */
export const particularWeb = (compose: string): string =>
  compose
    .replace('    command: [web]\n', startsWithPlanted)
    .replace(mounts, `${mounts}      - ./.secrets/delivered/web:/run/secrets:ro\n`);

export const storeOf = ({ platform }: World) =>
  openSecretStore(join(platform.directory, '.secrets', 'store'));

/** What the store, the files and their folders say of the secret; equal after each rotation but for the versions. */
export async function standing(world: World) {
  const store = storeOf(world);
  const labels = await store.labels(miniSecret);
  const current = (await store.readCurrent(miniSecret))?.value;
  const read = (consumer: string) =>
    world.platform.read(join('.secrets', 'delivered', consumer, miniSecret));
  const files = await Promise.all(['db', 'migrate', 'web'].map(read));
  return {
    labels,
    delivered: files.every((text) => text === current),
    values: (await store.versions(miniSecret)).map(({ version }) => version),
  };
}

export async function containerOf({ platform }: World, service: string): Promise<string> {
  const found = (await platform.containers()).find((own) => own.service === service);
  if (found === undefined) throw new Error(`no container of ${service}`);
  return found.id;
}

/** As the superuser, through the socket of the database. */
export async function sql(world: World, statement: string): Promise<string> {
  const id = await containerOf(world, 'db');
  const args = ['exec', '-i', '--user', 'postgres', id, 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1'];
  return (await execa('docker', [...args, '-d', 'app'], { input: statement })).stdout;
}

const loginScript =
  'IFS= read -r PGUSER; IFS= read -r PGPASSWORD; export PGUSER PGPASSWORD; exec psql -XAtq -h 127.0.0.1 -d app -c "select session_user"';

/** Who is logged in over TCP, or what the server said instead. Both come on standard input. */
export async function login(world: World, user: string, password: string): Promise<string> {
  const args = ['exec', '-i', await containerOf(world, 'db'), 'sh', '-c', loginScript];
  const input = `${user}\n${password}\n`;
  const { stdout, stderr } = await execa('docker', args, { input, reject: false });
  return stdout || stderr;
}
