import { join } from 'node:path';
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
