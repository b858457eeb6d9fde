import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LockBook } from '../../src/shared/lock.ts';
import { lockWorkflowId, messages } from '../../src/shared/messages.ts';
import type { RunReport } from '../../src/shared/report.ts';
import { CrashPoint } from '../support/crash-point.ts';
import {
  describeCredential,
  login,
  miniSecret,
  sql,
  standing,
  storeOf,
} from '../support/mini-credential.ts';
import { decide, parkedErrors, parkedOrOver, retryUntilOver } from '../support/parked.ts';
import { mountProblem, SmallDisk } from '../support/small-disk.ts';
import type { World } from '../support/world.ts';

/** Quoted nowhere, they would end a statement and begin the next one. */
const oddRoles = {
  alternating: `we"ird'; DROP ROLE app; --`,
  single: `"'; ALTER ROLE app NOLOGIN; --`,
} as const;
type Odd = keyof typeof oddRoles;
const oddNames = ['alternating', 'single'] as const satisfies readonly Odd[];
const oddItem = (strategy: Odd) => `
    odd-${strategy}:
      description: The login of a role with a name of its own kind.
      form: pair
      deliver: { migrate: { uid: 5432, takes: start } }
      credential:
        service: db
        type: role
        strategy: ${strategy}
        account: { role: ${JSON.stringify(oddRoles[strategy])}, database: app }
`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const noDisk = await mountProblem();
if (noDisk !== undefined) process.stdout.write(`no disks of our own here: ${noDisk}\n`);

let crash: CrashPoint;
let world: World;
let disk: SmallDisk | undefined;
let platformText: string;
beforeAll(async () => {
  crash = await CrashPoint.open();
  world = crash.world;
  const { platform } = world;
  await describeCredential(world);
  await platform.edit('platform.yaml', (text) =>
    text.replace('  # Its entry point', `${oddNames.map(oddItem).join('')}  # Its entry point`),
  );
  await platform.edit('compose.yaml', (text) =>
    text.replace(
      /( {2}web:[\s\S]*? {4}volumes:\n)/,
      '$1      - ./.secrets/delivered/web:/run/secrets:ro\n',
    ),
  );
  platformText = await platform.read('platform.yaml');
  const secretsFolder = join(platform.directory, '.secrets');
  await mkdir(secretsFolder, { mode: 0o711 });
  if (noDisk === undefined) disk = await SmallDisk.over(secretsFolder);
  await world.deployed();
  for (const name of oddNames) {
    const { value } = await stored(`odd-${name}`);
    await sql(world, `CREATE ROLE ${quoted(oddRoles[name])} LOGIN PASSWORD '${value}'`);
  }
});
afterAll(async () => {
  await disk?.remove();
  await crash?.close();
});
afterEach(() => world.platform.edit('platform.yaml', () => platformText));

const secrets = [miniSecret];
const rotate = async (request: object = { params: { secrets } }) =>
  world.report(await world.start('rotate-secrets', request));
const standStillAt = (point: string, meddle: () => Promise<unknown>, request = {}) =>
  crash.standStillAt(point, 'rotate-secrets', { params: { secrets }, ...request }, meddle);

async function stored(secret: string) {
  const { current = '' } = await storeOf(world).labels(secret);
  return { login: 'app', value: '', ...(await storeOf(world).read(secret, current)) };
}

const inPlatform = (...parts: string[]) => join(world.platform.directory, '.secrets', ...parts);

/** All that a rotation may touch, in the words of who has it. */
async function everything() {
  const { platform } = world;
  const roles = 'SELECT rolname, rolcanlogin, rolpassword FROM pg_authid ORDER BY 1';
  return {
    ...(await standing(world)),
    odd: await storeOf(world).labels('odd-single'),
    roles: await sql(world, roles),
    effects: await platform.effects(),
  };
}

async function expectLocksFree(): Promise<void> {
  const lock = world.client.workflow.getHandle(lockWorkflowId(world.platform.name));
  expect(await lock.query<LockBook>(messages.lockState)).toMatchObject({ holders: [], queue: [] });
}

/** Refused in the step `look`, with words that help, and nothing else is another than before. */
async function expectRefused(error: object, request?: object): Promise<RunReport> {
  const before = await everything();
  const params = { secrets, ...request };
  const report = await rotate({ params, options: { onFailure: 'abort' } });
  expect(report).toMatchObject({ outcome: 'failed', changed: false, error });
  expect(report.steps.at(-1)).toMatchObject({ id: 'look', status: 'failed' });
  expect(report.error?.why && report.error.fix).toBeTruthy();
  expect(await everything()).toEqual(before);
  await expectLocksFree();
  return report;
}

/** Store, files, service and consumers agree on a version, and the one before it opens nothing. */
async function expectInForce(version: string, from: string): Promise<void> {
  const store = storeOf(world);
  expect(await standing(world)).toMatchObject({
    labels: { current: version, previous: from },
    delivered: true,
    values: [from, version],
  });
  expect((await store.labels(miniSecret)).pending).toBeUndefined();
  const value = async (name: string) => (await store.read(miniSecret, name))?.value ?? '';
  expect(await login(world, 'app', await value(version))).toBe('app');
  expect(await login(world, 'app', await value(from))).toContain('authentication failed');
  await expectLocksFree();
}

/** A number that was given to a version is not given again. */
async function versions() {
  const store = storeOf(world);
  const { current = 'v1' } = await store.labels(miniSecret);
  const used = (await store.journal(miniSecret)).map(({ version }) => numberOf(version));
  const newest = Math.max(numberOf(current), ...used);
  return { current, next: `v${newest + 1}`, afterNext: `v${newest + 2}` };
}

const numberOf = (version: string) => Number(version.slice(1));

describe('a rotation touches nothing', () => {
  const editPlatform = (from: string, to: string) =>
    world.platform.edit('platform.yaml', (text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });

  test('when the service refuses who administers it', async () => {
    await editPlatform('containerUser: postgres', 'user: nobody, containerUser: postgres');
    await expectRefused({
      code: 'RB_CREDENTIAL_ADMIN',
      what: expect.stringContaining('PostgreSQL in db refuses'),
      why: expect.stringMatching(/role "nobody" does not exist|Peer authentication failed/),
      fix: expect.stringContaining('settings'),
    });
  });

  test('when the inventory names a role that does not exist, not even what is right in it', async () => {
    await editPlatform('role: app,', 'role: apq,');
    await expectRefused(
      {
        code: 'RB_ACCOUNT_UNKNOWN',
        what: 'db has no role "apq" (did you mean "app"?)',
        fix: expect.stringContaining('correct the account of the secret'),
      },
      { secrets: ['odd-single', miniSecret] },
    );
  });

  test('when no login comes through by the route of the consumers', async () => {
    await editPlatform(
      'account: { role: app, database: app }',
      'account: { role: app, database: app }, route: "db:5433"',
    );
    await expectRefused({ code: 'RB_CREDENTIAL_UNANSWERED' });
  });

  test('when a variable of the environment file has the value as well', async () => {
    const { value } = (await storeOf(world).readCurrent(miniSecret)) ?? {};
    await world.platform.edit(
      '.env',
      (text) => `${text}\nREPORT_DSN=postgres://app:${value}@db/app\n`,
    );
    await expectRefused({
      code: 'RB_NOT_COVERED',
      why: expect.stringContaining('REPORT_DSN of the environment file has the value too'),
    });
    await world.platform.edit('.env', (text) => text.replace(/^REPORT_DSN.*\n/m, ''));
  });

  test('when a delivered file is cut in the middle; a deploy mends it', async () => {
    await truncate(inPlatform('delivered', 'web', miniSecret), 16);
    await expectRefused({
      code: 'RB_SECRET_FOREIGN',
      why: expect.stringContaining('the file of web'),
      fix: expect.stringContaining('deploy'),
    });
    await world.deployed();
    expect((await standing(world)).delivered).toBe(true);
  });

  test.skipIf(noDisk !== undefined)('when the store cannot be written', async () => {
    await disk?.readOnly(true);
    await expectRefused({
      code: 'RB_NOT_WRITABLE',
      what: expect.stringContaining(inPlatform('store')),
      why: expect.stringContaining('EROFS'),
      fix: expect.stringContaining('retry'),
    }).finally(() => disk?.readOnly(false));
  });
});

describe('in the middle', () => {
  test.skipIf(noDisk !== undefined)(
    'a store that cannot be written any more parks the run, which goes on when it can',
    async () => {
      const { current, next } = await versions();
      const run = await standStillAt(`before finishSecret finish-${miniSecret} act`, async () =>
        disk?.readOnly(true),
      );
      const state = await parkedOrOver(world, run).finally(() => disk?.readOnly(false));
      expect(parkedErrors(state)).toMatchObject([
        { code: 'RB_NOT_WRITABLE', why: expect.stringContaining('EROFS') },
      ]);
      await retryUntilOver(world, run);
      expect((await world.report(run)).outcome).toBe('succeeded');
      await expectInForce(next, current);
    },
  );

  test.skipIf(noDisk !== undefined)(
    'a full disk parks it with nothing half written, and it goes on when there is room',
    async () => {
      const { current, next } = await versions();
      const run = await standStillAt(`before switchSecret switch-${miniSecret} act`, async () =>
        disk?.fill(),
      );
      const state = await parkedOrOver(world, run);
      expect(parkedErrors(state)).toMatchObject([{ code: 'RB_DISK_FULL' }]);
      expect((await standing(world)).labels).toMatchObject({ current, pending: next });
      disk?.free();
      await retryUntilOver(world, run);
      expect((await world.report(run)).outcome).toBe('succeeded');
      await expectInForce(next, current);
    },
  );

  test('a staged file that is cut is written anew', async () => {
    const { current, next } = await versions();
    const staged = inPlatform('delivered', 'web', `${miniSecret}.staged-${next}`);
    const run = await standStillAt(`before switchSecret switch-${miniSecret} act`, () =>
      writeFile(staged, 'half of'),
    );
    expect((await world.report(run)).outcome).toBe('succeeded');
    await expectInForce(next, current);
  });

  test('a value of the store that is cut is set nowhere, and an undo takes it back', async () => {
    const before = await everything();
    const { next } = await versions();
    const run = await standStillAt(`before switchSecret switch-${miniSecret} act`, () =>
      truncate(inPlatform('store', miniSecret, next), 16),
    );
    const state = await parkedOrOver(world, run);
    expect(parkedErrors(state)).toMatchObject([
      { code: 'RB_STORE_DAMAGED', what: expect.stringContaining(`${miniSecret}@${next}`) },
    ]);
    await decide(world, run, 'undo');
    expect((await world.report(run)).outcome).toBe('undone');
    expect(await everything()).toMatchObject({ ...before, roles: expect.anything() });
    await expectLocksFree();
  });

  test('a delivered file that is cut is found, and an undo goes back everywhere', async () => {
    const before = await standing(world);
    const run = await standStillAt(`before proveConsumers consumers-${miniSecret} verify`, () =>
      truncate(inPlatform('delivered', 'web', miniSecret), 16),
    );
    const state = await parkedOrOver(world, run);
    expect(parkedErrors(state)).toMatchObject([
      {
        code: 'RB_CONSUMER_BEHIND',
        why: expect.stringContaining('the file of web has a value that is not in the store'),
      },
    ]);
    await decide(world, run, 'undo');
    expect((await world.report(run)).outcome).toBe('undone');
    expect(await standing(world)).toEqual(before);
    expect(await login(world, 'app', (await stored(miniSecret)).value)).toBe('app');
    await expectLocksFree();
  });
});

describe('two rotations at once', () => {
  test('never mix: who comes second waits, and then finds nothing due or rotates again', async () => {
    const { next, afterNext } = await versions();
    let others: Awaited<ReturnType<World['start']>>[] = [];
    const first = await standStillAt(`before switchSecret switch-${miniSecret} act`, async () => {
      others = [
        await world.start('rotate-secrets', {}),
        await world.start('rotate-secrets', { params: { secrets } }),
      ];
      for (const other of others) {
        await world.untilState(other, ({ state }) => state === 'waiting-for-lock');
      }
    });
    const reports = await Promise.all([first, ...others].map((run) => world.report(run)));
    expect(reports).toMatchObject([
      { outcome: 'succeeded', changed: true },
      { outcome: 'succeeded', changed: false },
      { outcome: 'succeeded', changed: true },
    ]);
    await expectInForce(afterNext, next);
    // What the first run has noted stands in one piece: nobody else wrote while it was at work.
    const runs = (await storeOf(world).journal(miniSecret)).map(({ run }) => run);
    const parts = runs.filter((run, at) => run !== runs[at - 1]);
    expect(parts.slice(-2)).toEqual([first.workflowId, others[1]?.workflowId]);
    expect(parts.filter((run) => run === first.workflowId)).toHaveLength(1);
  });
});

describe('a role with quotes and semicolons in its name', () => {
  const roleNames = async () =>
    (await sql(world, 'SELECT rolname FROM pg_roles')).split('\n').sort();

  test.each([
    ['alternating', ['_a', '_b']],
    ['single', ['', '']],
  ] as const)('is rotated like any other (%s), and nothing else is dropped', async (odd, turns) => {
    const [role, secret] = [oddRoles[odd], `odd-${odd}`];
    await sql(world, `CREATE TABLE its_own (); ALTER TABLE its_own OWNER TO ${quoted(role)};`);
    const before = await roleNames();
    for (const turn of turns) {
      const old = await stored(secret);
      const report = await rotate({ params: { secrets: [secret] } });
      expect(report.outcome, JSON.stringify(report.error)).toBe('succeeded');
      const { login: next, value } = await stored(secret);
      expect(next).toBe(`${role}${turn}`);
      expect(await login(world, next, value)).toBe(next);
      expect(await login(world, old.login === 'app' ? role : old.login, old.value)).toContain(
        'FATAL',
      );
    }
    const made = turns.map((turn) => `${role}${turn}`);
    expect(await roleNames()).toEqual([...new Set([...before, ...made])].sort());
    expect(await sql(world, 'SELECT tableowner FROM pg_tables')).toContain(role);
    expect(await login(world, 'app', (await stored(miniSecret)).value)).toBe('app');
    await sql(world, 'DROP TABLE its_own');
    await expectLocksFree();
  });
});
