import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomSecret } from '../../../src/activities/secrets/store-versions.ts';
import type {
  AccountType,
  CredentialTarget,
} from '../../../src/activities/services/credentials.ts';
import { patroni } from '../../../src/activities/services/patroni/kind.ts';
import { LabDatabase, members } from '../../support/lab-database.ts';
import { until } from '../../support/until.ts';

/** Accounts of PostgreSQL and Patroni on real servers. Each test goes on from the last. */

let database: LabDatabase;
/** Every value that was set or tried: none may stand in a log. */
const values: string[] = [];
const mint = (): string => {
  const value = randomSecret(32);
  values.push(value);
  return value;
};

beforeAll(async () => {
  database = await LabDatabase.open();
  // The most talkative servers there can be.
  await onEveryMember(`
    ALTER SYSTEM SET log_statement = 'all'; ALTER SYSTEM SET log_min_duration_statement = 0;
    ALTER SYSTEM SET log_min_error_statement = 'debug5'; ALTER SYSTEM SET log_duration = on;
    ALTER SYSTEM SET debug_print_parse = on; SELECT pg_reload_conf();`);
});
afterAll(() => database?.close());

async function onEveryMember(statements: string): Promise<void> {
  const argv = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1'];
  await Promise.all(members.map((member) => database.run(member, argv, statements)));
}

const typeOf = (name: string): AccountType => {
  const type = patroni.credentials?.types[name];
  if (type === undefined) throw new Error(`the kind has no ${name}`);
  return type;
};
const role = typeOf('role');

const target = (changes: Partial<CredentialTarget> = {}): CredentialTarget => ({
  service: database.service,
  account: { role: 'canary', database: 'canary' },
  strategy: 'single',
  secret: async () => ({ login: '', value: '' }),
  checkFence: async () => {},
  log: () => {},
  ...changes,
});

/** Through HAProxy, as consumers go. */
const routed = async (changes: Partial<CredentialTarget> = {}, port = 5432) =>
  target({ ...changes, route: { host: await database.address('haproxy'), port } });

const storedOf = (login: string) =>
  database.psql(`SELECT rolpassword FROM pg_authid WHERE rolname = '${login}'`);

const reload = ['patroni-node', 'reload'];
const reloadAll = () => Promise.all(members.map((member) => database.run(member, reload)));

function record(what: string, value: string): void {
  process.stdout.write(`credentials of PostgreSQL: ${what}: ${value}\n`);
}

describe('a role with one login', () => {
  // Whole trees of every statement fill the logs: enough were seen.
  afterAll(() => onEveryMember('ALTER SYSTEM RESET debug_print_parse; SELECT pg_reload_conf();'));

  test('moves to another value; the new one is proved on the route, the old one refused', async () => {
    const old = { login: 'canary', value: await database.secret('postgres-canary') };
    const next = { login: 'canary', value: mint() };
    expect(await role.holds(target(), old)).toBe('this');
    expect(await role.holds(target(), next)).toBe('another');

    const { at } = await role.set(target(), next);
    record(
      'from the change in the server to the answer of set',
      `${Date.now() - Date.parse(at)} ms`,
    );

    expect(await role.holds(target(), next)).toBe('this');
    expect(await role.holds(target(), old)).toBe('another');
    expect(await role.prove(await routed(), next)).toEqual({
      accepted: true,
      words: 'reads and writes canary as canary',
    });
    expect(await role.prove(await routed(), old)).toMatchObject({
      accepted: false,
      refusal: '28P01',
    });
    expect(await role.prove(await routed({}, 5433), next)).toMatchObject({
      words: 'reads canary as canary, on a replica',
    });
    const stored = await storedOf('canary');
    expect(stored).toMatch(/^SCRAM-SHA-256\$4096:/);
    await role.set(target(), next);
    expect(await storedOf('canary')).toBe(stored);
    await role.set(target(), old);
    expect(await role.prove(target(), old)).toMatchObject({ accepted: true });
  });

  test('may have any name: it is quoted, not run', async () => {
    const name = `we"ird'; DROP ROLE canary; --\\q :x $$`;
    const account = { role: name, database: 'canary' };
    await database.psql(
      `CREATE ROLE "we""ird'; DROP ROLE canary; --\\q :x $$" LOGIN IN ROLE canary;`,
    );
    const secret = { login: name, value: mint() };
    expect(await role.holds(target({ account }), secret)).toBe('another');
    await role.set(target({ account }), secret);
    expect(await role.holds(target({ account }), secret)).toBe('this');
    expect(await role.prove(target({ account }), secret)).toMatchObject({ accepted: true });
    const strategy = 'alternating';
    const next = { login: role.nextLogin({ account, strategy }, name, 'v2'), value: mint() };
    await role.set(target({ account, strategy }), next);
    expect(await role.prove(target({ account, strategy }), next)).toMatchObject({ accepted: true });
    await role.retire(target({ account, strategy }), next);
    expect(await database.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'canary'")).toBe('1');
  });

  test('that does not exist is told with the nearest name', async () => {
    const account = { role: 'kanary', database: 'canary' };
    await expect(
      role.set(target({ account }), { login: 'kanary', value: mint() }),
    ).rejects.toMatchObject({
      code: 'RB_ACCOUNT_UNKNOWN',
      message: expect.stringContaining('did you mean "canary"'),
    });
  });

  test('is not called refused when nothing answers, or its database is not there', async () => {
    const secret = { login: 'canary', value: await database.secret('postgres-canary') };
    await expect(role.prove(await routed({}, 5999), secret)).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_UNANSWERED',
      retry: 'maybe',
    });
    const account = { role: 'canary', database: 'canaries' };
    await expect(role.prove(target({ account }), secret)).rejects.toMatchObject({
      code: 'RB_PROOF_DENIED',
      why: expect.stringContaining('3D000'),
    });
  });
});

describe('sessions', () => {
  let leader = '';
  beforeAll(async () => {
    leader = await database.leader();
  });

  test('of the old value are found on every member, and only those are ended', async () => {
    const value = await database.secret('postgres-canary');
    const replica = members.find((member) => member !== leader) ?? '';
    const [old, reading] = [
      await database.connect('canary', value),
      await database.connect('canary', value, replica),
    ];
    const next = { login: 'canary', value: mint() };
    const { at } = await role.set(target(), next);
    const fresh = await database.connect('canary', next.value);
    expect(await role.sessions?.(target(), 'canary')).toHaveLength(3);
    const survivors = (await role.sessions?.(target(), 'canary', at)) ?? [];
    expect(survivors.map(({ id }) => id.split('/')[0]).toSorted()).toEqual(
      [leader, replica].toSorted(),
    );
    const reused = survivors.map(({ id, ...rest }) => ({
      ...rest,
      id: id.replace(/\d{4}-\d\d-/, '2020-01-'),
    }));
    await role.endSessions?.(target(), reused);
    await Promise.all([old, reading].map((client) => client.query('SELECT 1')));
    await role.endSessions?.(target(), survivors);
    expect(await role.sessions?.(target(), 'canary', at)).toEqual([]);
    await expect(old.query('SELECT 1')).rejects.toThrow();
    await expect(reading.query('SELECT 1')).rejects.toThrow();
    await fresh.query('SELECT 1');
    await fresh.end();
    await role.set(target(), { login: 'canary', value });
  });
});

describe('a role with two logins in turn', () => {
  const strategy = 'alternating' as const;
  const next = (current: string) =>
    role.nextLogin({ account: target().account, strategy }, current, 'v');

  test('overlap: both are accepted, and share what each of them makes', async () => {
    const first = { login: 'canary', value: await database.secret('postgres-canary') };
    await database.psql(
      'ALTER ROLE canary SET search_path = app, public; ALTER ROLE canary CONNECTION LIMIT 50;',
    );
    const original = await database.connect('canary', first.value);
    await original.query('CREATE SCHEMA app; CREATE TABLE app.made_by_canary (n int)');

    const second = { login: next('canary'), value: mint() };
    expect(second.login).toBe('canary_a');
    expect(await role.holds(target({ strategy }), second)).toBe('missing');
    await role.set(target({ strategy }), second);
    expect(await role.holds(target({ strategy }), second)).toBe('this');
    for (const secret of [first, second]) {
      expect(await role.prove(await routed({ strategy }), secret)).toEqual({
        accepted: true,
        words: 'reads and writes canary as canary',
      });
    }
    const a = await database.connect('canary_a', second.value);
    await a.query('ALTER TABLE made_by_canary ADD COLUMN m int; CREATE TABLE made_by_a (n int)');
    await original.query('INSERT INTO made_by_a VALUES (1); DROP TABLE made_by_a');
    // What a pooler does between two clients.
    await a.query('DISCARD ALL');
    await a.query('CREATE TABLE app.made_by_a_itself (n int)');

    await role.retire(target({ strategy }), first);
    expect(await role.prove(await routed({ strategy }), first)).toMatchObject({ refusal: '28P01' });
    expect(await role.prove(await routed({ strategy }), second)).toMatchObject({ accepted: true });
    await original.query('SELECT 1');
    await Promise.all([original.end(), a.end()]);

    const third = { login: next('canary_a'), value: mint() };
    expect(third.login).toBe('canary_b');
    await role.set(target({ strategy }), third);
    await role.retire(target({ strategy }), second);
    expect(await role.holds(target({ strategy }), second)).toBe('another');
    const b = await database.connect('canary_b', third.value);
    await b.query('DROP TABLE made_by_canary, made_by_a_itself');
    await b.end();

    const fourth = { login: next('canary_b'), value: mint() };
    expect(fourth.login).toBe('canary_a');
    await role.set(target({ strategy }), fourth);
    expect(await role.prove(await routed({ strategy }), fourth)).toMatchObject({ accepted: true });
    expect(await role.prove(await routed({ strategy }), second)).toMatchObject({
      refusal: '28P01',
    });
    await role.retire(target({ strategy }), third);
    expect(
      await database.psql(
        "SELECT rolname, rolcanlogin, rolpassword IS NULL, rolconnlimit FROM pg_authid WHERE rolname ~ '^canary(_[ab])?$' ORDER BY 1",
      ),
    ).toBe('canary|f|t|50\ncanary_a|t|f|50\ncanary_b|f|t|50');
  });

  test("another's role of the second name is left alone", async () => {
    await database.psql('CREATE ROLE nessie_a LOGIN');
    const account = { role: 'nessie', database: 'nessie' };
    await expect(
      role.set(target({ account, strategy }), { login: 'nessie_a', value: mint() }),
    ).rejects.toMatchObject({ code: 'RB_ACCOUNT_TAKEN' });
    expect(await storedOf('nessie_a')).toBe('');
  });
});

describe("the roles of Patroni's members", () => {
  test.for([
    ['superuser', 'postgres', 'reads and writes postgres as postgres'],
    ['rewind', 'rewind', "reads the server's files as pg_rewind does"],
  ] as const)('%s moves to another value', async ([name, login, words]) => {
    const type = typeOf(name);
    const own = target({ account: { role: login } });
    const old = { login, value: await database.secret(`postgres-${name}`) };
    const next = { login, value: mint() };
    expect(await type.holds(own, old)).toBe('this');
    await type.set(own, next);
    expect(await type.prove(own, next)).toEqual({ accepted: true, words });
    expect(await type.prove(own, old)).toMatchObject({ accepted: false, refusal: '28P01' });
    // Patroni comes through the socket: the operating system vouches for it.
    expect(await type.sessions?.(own, login)).toEqual([]);
    await database.deliver(`postgres-${name}`, next.value);
  });

  test('replicas stream again with the new password of replication', async () => {
    const type = typeOf('replication');
    const own = target({ account: {} });
    const old = { login: 'replicator', value: await database.secret('postgres-replication') };
    const next = { login: 'replicator', value: mint() };
    const { at } = await type.set(own, next);
    await database.deliver('postgres-replication', next.value);
    await reloadAll();
    const settled = await type.settle?.(own, '', at);
    record('replication', settled?.words ?? '');
    expect(settled?.words).toMatch(/^pg\d, pg\d streaming with the new password/);
    expect(await type.prove(own, next)).toMatchObject({
      accepted: true,
      words: expect.stringMatching(/^may replicate: timeline \d+, at /),
    });
    expect(await type.prove(own, old)).toMatchObject({ accepted: false, refusal: '28P01' });
    expect(await type.sessions?.(own, 'replicator', at)).toEqual([]);
    expect(await type.sessions?.(own, 'replicator')).toHaveLength(2);
  });

  test('a replica that streams from another one is made to log in anew as well', async () => {
    const leader = await database.leader();
    const [first = '', second = ''] = members.filter((member) => member !== leader);
    const cascade = '/run/patroni/30-cascade.yml';
    const follow = async (...argv: string[]) => {
      await database.run(second, argv, `tags: { replicatefrom: ${first} }\n`);
      await database.run(second, reload);
    };
    await follow('tee', cascade);
    const followers = () =>
      database.run(first, ['psql', '-XAtqc', 'SELECT application_name FROM pg_stat_replication']);
    await until(
      `${second} streams from ${first}`,
      async () => (await followers()) === second,
      60_000,
    );
    const type = typeOf('replication');
    const own = target({ account: {} });
    const next = { login: 'replicator', value: mint() };
    const { at } = await type.set(own, next);
    await database.deliver('postgres-replication', next.value);
    await reloadAll();
    const settled = await type.settle?.(own, 'replicator', at);
    expect(settled?.words.split(' streaming')[0]?.split(', ').sort()).toEqual([first, second]);
    expect(await followers()).toBe(second);
    expect(await type.sessions?.(own, 'replicator', at)).toEqual([]);
    await follow('rm', cascade);
    await until('both stream from the leader', async () => (await followers()) === '', 60_000);
  });

  test('the REST user is what the files of all members say', async () => {
    const type = typeOf('rest');
    const own = target({ account: { user: 'patroni' } });
    const old = { login: 'patroni', value: await database.secret('patroni-rest') };
    const next = { login: 'patroni', value: mint() };
    const configuration = () => database.run('pg1', ['curl', '-fsS', 'localhost:8008/config']);
    const before = await configuration();
    expect(await type.holds(own, old)).toBe('this');
    expect(await type.holds(own, next)).toBe('another');
    await database.deliver('patroni-rest', next.value);
    expect(await type.prove(own, next)).toMatchObject({ accepted: false, refusal: 'HTTP 401' });
    await database.run('pg1', reload);
    await expect(type.prove(own, next)).rejects.toMatchObject({ code: 'RB_MEMBERS_DISAGREE' });
    await reloadAll();
    expect(await type.prove(own, next)).toMatchObject({ accepted: true });
    expect(await type.prove(own, old)).toMatchObject({ accepted: false, refusal: 'HTTP 401' });
    expect(await configuration()).toBe(before);
  });
});

test('a failover between two calls is waited out, and what was set is still set', async () => {
  const account = { role: 'keycloak', database: 'keycloak' };
  const first = { login: 'keycloak', value: mint() };
  const second = { login: 'keycloak', value: mint() };
  await role.set(target({ account }), first);
  const leader = await database.leader();
  await database.stop(leader);
  const errors = new Set<unknown>();
  const holding = await until(
    'another member leads',
    async () =>
      role.holds(target({ account }), first).catch((error: { code?: string; retry?: string }) => {
        errors.add(`${error.code} ${error.retry}`);
        return undefined;
      }),
    40_000,
  );
  expect(holding).toBe('this');
  for (const error of errors) {
    expect(['RB_NO_PRIMARY maybe', 'RB_CREDENTIAL_UNANSWERED maybe']).toContain(error);
  }
  expect(await database.leader()).not.toBe(leader);
  const throughProxy = await routed({ account });
  await until(
    'HAProxy has found the new primary',
    async () => (await role.prove(throughProxy, first)).accepted,
  );
  await role.set(target({ account }), second);
  expect(await role.prove(target({ account }), first)).toMatchObject({ refusal: '28P01' });
  await database.start(leader);
});

test('no log of a server has a value or a verifier', async () => {
  await database.psql("SELECT 'planted statement'");
  const logs = await Promise.all(members.map((member) => database.log(member)));
  const all = logs.join('\n');
  expect(all.includes('planted statement')).toBe(true);
  expect(values.length).toBeGreaterThan(10);
  expect(values.filter((value) => all.includes(value))).toEqual([]);
  const verifiers = all.split('\n').filter((line) => /SCRAM-SHA-256\$/.test(line));
  expect(verifiers).toEqual([]);
});
