import { expect, test } from 'vitest';
import { containerOf, opened } from './opened-migration.ts';

test('the proof finds what is left, wherever it is, and names it', async () => {
  const { a, call, backedUp, containers, write } = await opened();
  await backedUp();
  await call((ctx) => a.rewriteFiles(ctx, {}));
  const prove = () => call((ctx) => a.proveNoValueLeft(ctx, {}));
  await expect(prove()).rejects.toMatchObject({
    code: 'RB_VALUE_LEFT',
    why: 'db-password: docker inspect mini-db-1',
  });
  containers[0] = containerOf('db', ['ROOT_PASSWORD_FILE=/run/secrets/db-password']);
  expect(await prove()).toMatchObject({ secrets: 1, containers: 2, files: 4 });
  await write('.env.previous', 'OLD=canary-db-password-1\n');
  await expect(prove()).rejects.toMatchObject({ why: 'db-password: .env.previous' });
});

test('a password that is an everyday word is found beside its own name only', async () => {
  const { a, call, backedUp, containers, write, read } = await opened();
  await write('.env', 'DB_PASSWORD=acme\n');
  await write('.env.previous', 'DB_PASSWORD=acme\n');
  await backedUp();
  await call((ctx) => a.rewriteFiles(ctx, {}));
  containers[0] = containerOf('db', ['ROOT_PASSWORD=acme']);
  const prove = () => call((ctx) => a.proveNoValueLeft(ctx, {}));
  await expect(prove()).rejects.toMatchObject({ why: 'db-password: docker inspect mini-db-1' });
  // The image is acme/db, and so may be its user.
  containers[0] = containerOf('db', ['ROOT_PASSWORD_FILE=/run/secrets/db-password', 'USER=acme']);
  expect(await prove()).toMatchObject({ secrets: 1 });
  await write('.env', `${await read('.env')}DB_PASSWORD='acme'\n`);
  await expect(prove()).rejects.toMatchObject({ why: 'db-password: .env' });
});

test('nothing is proved of a container whose processes cannot be seen', async () => {
  const { a, call, backedUp, containers } = await opened();
  await backedUp();
  containers[0] = containerOf('db', [], { State: { Running: true } });
  await expect(call((ctx) => a.proveNoValueLeft(ctx, {}))).rejects.toMatchObject({
    code: 'RB_PROCESSES_UNSEEN',
  });
});
