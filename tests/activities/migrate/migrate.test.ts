import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createMigrateActivities } from '../../../src/activities/migrate/activities.ts';
import { openPlatformStore } from '../../../src/activities/secrets/store.ts';
import { container } from '../docker-double.ts';
import { testRun } from '../test-platform-run.ts';
import { compose, environment, opened, rotations, uid } from './opened-migration.ts';

test('says what moves and what stays, in names alone', async () => {
  const { a, call, attempt } = await opened();
  const found = await call((ctx) => a.findMigration(ctx, {}));
  expect(found).toMatchObject({
    secrets: [{ name: 'db-password', source: 'DB_PASSWORD', consumers: ['db (file variable)'] }],
    notCovered: [{ what: 'web/API_TOKEN', place: 'compose.yaml:8' }],
    services: ['db'],
  });
  expect(JSON.stringify(found) + attempt.lines.join()).not.toContain('canary');
});

test('a line stays that an environment file of a service is made of, and the plan says so', async () => {
  const { a, call, read, write, backedUp } = await opened();
  await write('app.env', 'APP_PW=$DB_PASSWORD\n');
  await write('compose.yaml', `${compose}    env_file: [app.env]\n`);
  const { details } = await call((ctx) => a.rewriteVerdict(ctx, {}));
  expect(details).toContain('# stays: APP_PW (app.env:1): it is made of it\n');
  await backedUp();
  await call((ctx) => a.rewriteFiles(ctx, {}));
  expect(await read('.env')).toBe(environment);
  expect(await read('compose.yaml')).toContain('ROOT_PASSWORD_FILE');
});

test('the first whole backup stands, whatever becomes of the files', async () => {
  const { a, call, write, files, attempt } = await opened();
  expect(await call((ctx) => a.backupVerdict(ctx, {}))).toMatchObject({ state: 'absent' });
  const { folder } = await call((ctx) => a.backUpFiles(ctx, {}));
  await write('compose.yaml', 'services: {}\n');
  await call((ctx) => a.backUpFiles(ctx, {}));
  expect(await readFile(join(folder, '0-compose.yaml'), 'utf8')).toBe(files['compose.yaml']);
  expect((await stat(join(folder, '1-.env'))).mode & 0o777).toBe(0o600);
  expect(await call((ctx) => a.backupVerdict(ctx, {}))).toMatchObject({ state: 'in-place' });
  expect(attempt.fenceChecks()).toBeGreaterThan(0);
});

test('a plan shows the diff without any value of the environment file', async () => {
  const { a, call, attempt } = await opened();
  const { details = '', change } = await call((ctx) => a.rewriteVerdict(ctx, {}));
  expect(change).toBe(
    'rewrite compose.yaml (+2 -1), .env (-1), .env.previous (-1), platform.yaml (+2 -2)',
  );
  expect(details).toContain('# stays: web/API_TOKEN (compose.yaml:8)');
  expect(details).toContain('-DB_PASSWORD=[value]');
  expect(details).toContain('+      ROOT_PASSWORD_FILE: /run/secrets/db-password   # the only one');
  expect(details).toContain(' PORT=[value]');
  expect(details + attempt.lines.join('\n')).not.toContain('canary');
});

test('a plan shows neither comments of the environment file nor a value that is written with escapes', async () => {
  const { a, call, write, attempt } = await opened();
  await write('.env', `# DB_PASSWORD=canary-old-password\n${environment}`);
  await write('compose.yaml', compose.replace('canary-web-token', '"canary$$web\\ttoken"'));
  const { details = '' } = await call((ctx) => a.rewriteVerdict(ctx, {}));
  expect(details).toContain(' # [comment]\n');
  expect(details).toContain('API_TOKEN: [value], A: b');
  expect(details + attempt.lines.join('\n')).not.toContain('canary');
});

test('files are rewritten once, go on after a crash in between, and come back as they were', async () => {
  const { a, call, read, files, backedUp, write } = await opened();
  await backedUp();
  await call((ctx) => a.rewriteFiles(ctx, {}));
  const compose = await read('compose.yaml');
  expect(await read('.env')).toBe('# settings\nPORT=80\n');
  expect(await read('.env.previous')).toBe('');
  expect(parse(await read('platform.yaml')).secrets.items['db-password']).toEqual({
    description: 'Of the database',
    length: 32,
    deliver: { db: uid },
  });
  await write('.env', environment);
  expect(await call((ctx) => a.rewriteVerdict(ctx, {}))).toMatchObject({ state: 'absent' });
  await call((ctx) => a.rewriteFiles(ctx, {}));
  expect(await call((ctx) => a.rewriteVerdict(ctx, {}))).toMatchObject({ state: 'in-place' });
  expect(await read('compose.yaml')).toBe(compose);

  await call((ctx) => a.restoreFiles(ctx, {}));
  await call((ctx) => a.restoreFiles(ctx, {}));
  for (const [name, text] of Object.entries(files)) expect(await read(name)).toBe(text);
});

test('what a person writes meanwhile is neither overwritten nor taken back', async () => {
  const { a, call, read, backedUp, write } = await opened();
  await backedUp();
  await write('compose.yaml', `${compose}# mine\n`);
  const refused = { code: 'RB_FILES_EDITED', message: expect.stringContaining('compose.yaml') };
  await expect(call((ctx) => a.rewriteFiles(ctx, {}))).rejects.toMatchObject(refused);
  await expect(call((ctx) => a.restoreFiles(ctx, {}))).rejects.toMatchObject(refused);
  expect(await read('compose.yaml')).toContain('# mine');
  expect(await read('.env')).toBe(environment);
});

test('a file that is no UTF-8 is refused before anything is touched', async () => {
  const { a, call, directory } = await opened();
  const latin1 = Buffer.from(`# g\xfcltig\n${environment}`, 'latin1');
  await writeFile(join(directory, '.env.previous'), latin1);
  const refused = { code: 'RB_FILE_ENCODING', message: expect.stringContaining('.env.previous') };
  await expect(call((ctx) => a.findMigration(ctx, {}))).rejects.toMatchObject(refused);
  await expect(call((ctx) => a.backUpFiles(ctx, {}))).rejects.toMatchObject(refused);
  expect(await readFile(join(directory, '.env.previous'))).toEqual(latin1);
});

test('a file with a byte order mark and other letters comes back byte for byte', async () => {
  const { a, call, directory, backedUp } = await opened();
  const before = Buffer.from(`\ufeff# g\u00fcltig\r\n${environment}`);
  await writeFile(join(directory, '.env'), before);
  await backedUp();
  await call((ctx) => a.rewriteFiles(ctx, {}));
  expect(await readFile(join(directory, '.env'), 'utf8')).toBe(
    '\ufeff# g\u00fcltig\r\n# settings\nPORT=80\n',
  );
  await call((ctx) => a.restoreFiles(ctx, {}));
  expect(await readFile(join(directory, '.env'))).toEqual(before);
});

test('values are stored and delivered from the copies, and an undo takes only its own copies away', async () => {
  const { a, call, platform, directory, backedUp, write } = await opened();
  await backedUp();
  // The file has been rewritten already when a lost attempt is done again.
  await write('.env', '# settings\nPORT=80\n');
  expect(await call((ctx) => a.secretFilesVerdict(ctx, {}))).toMatchObject({
    state: 'absent',
    change: `take db-password into the store; deliver db-password to db (uid ${uid})`,
  });
  const done = { stored: ['db-password'], delivered: 1 };
  expect(await call((ctx) => a.writeSecretFiles(ctx, {}))).toEqual(done);
  expect(await call((ctx) => a.writeSecretFiles(ctx, {}))).toEqual({ stored: [], delivered: 0 });
  const path = join(directory, '.secrets/delivered/db/db-password');
  expect(await readFile(path, 'utf8')).toBe('canary-db-password-1');
  expect((await stat(path)).mode & 0o777).toBe(0o400);
  await call((ctx) => a.removeSecretFiles(ctx, {}));
  await call((ctx) => a.removeSecretFiles(ctx, {}));
  await expect(stat(path)).rejects.toThrow('ENOENT');
  const kept = await openPlatformStore(platform).readCurrent('db-password');
  expect(kept?.value).toBe('canary-db-password-1');
});

test('a platform that does not run as its files say is refused, but not for what the run changed itself', async () => {
  const run = testRun({ db: 'as-configured' });
  const { world } = run;
  const a = createMigrateActivities({
    ...run.deps,
    ...{ machine: { inspect: async () => [] }, platformFiles: [], ...rotations },
  });
  const look = ({ call }: typeof run) =>
    call((ctx) => a.requireUnchanged({ ...ctx, phase: 'verify' }, {}));
  world.images.set('db:1', 'db-image');
  world.containers = [container('db', { configHash: 'as-configured' })];
  expect(await look(run)).toEqual({ summary: '1 service as configured' });
  world.containers = [container('db', { configHash: 'other' })];
  expect(await look(run)).toEqual({ summary: '1 service as configured' });
  await expect(look(run.another('run-2'))).rejects.toMatchObject({
    code: 'RB_NOT_DEPLOYED',
    why: expect.stringContaining('db: its configuration changed'),
  });
});
