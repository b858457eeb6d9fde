import { expect, test, vi } from 'vitest';
import { scramVerifier } from '../../../../src/activities/services/common/postgresql/scram.ts';
import type { CredentialTarget } from '../../../../src/activities/services/credentials.ts';
import { postgres } from '../../../../src/activities/services/postgres/kind.ts';
import { ended, running, serviceDouble } from '../service-double.ts';

const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ123456';
const at = '2026-01-02T03:04:05.678901+00:00';

const stored = (name: string, changes: object = {}) => ({
  ...{ name, canLogIn: true, stored: null, memberOf: [], settings: [], connectionLimit: -1 },
  ...{ replicates: false, bypassesRowSecurity: false, ...changes },
});

type Answer = { stdout?: string; stderr?: string; exitCode?: number };

/** A server that has these roles; `changed` is its answer to a change. */
function server(roles: readonly object[], changed: Answer = {}, member = running('db')) {
  const inputs: string[] = [];
  const known = roles.map((role) => (role as { name: string }).name);
  const found = JSON.stringify({ roles, known, iterations: '4096' });
  const service = serviceDouble([member], (_, __, options) => {
    const input = options?.input ?? '';
    inputs.push(input);
    if (input.includes("'known'")) return { stdout: found };
    if (/ALTER|CREATE ROLE/.test(input)) {
      return { stdout: JSON.stringify({ at, behind: 0 }), ...changed };
    }
    return { stdout: JSON.stringify({ at }) };
  });
  const checkFence = vi.fn(async () => {});
  const target = (changes: Partial<CredentialTarget> = {}): CredentialTarget => ({
    service,
    account: { role: 'app', database: 'app' },
    strategy: 'single',
    secret: async () => ({ login: '', value: '' }),
    checkFence,
    log: () => {},
    ...changes,
  });
  const changes = () => inputs.filter((input) => /ALTER|CREATE ROLE/.test(input));
  return { service, target, changes, checkFence };
}

const type = () => {
  const role = postgres.credentials?.types.role;
  if (role === undefined) throw new Error('the kind has no roles');
  return role;
};

test('what the server keeps tells whether it is this value, another, or none', async () => {
  const verifier = await scramVerifier(value);
  const holds = (role: object, login = 'app') =>
    type().holds(server([role, stored('app_a')]).target({ strategy: 'alternating' }), {
      login,
      value,
    });
  expect(await holds(stored('app', { stored: verifier }))).toBe('this');
  expect(await holds(stored('app', { stored: await scramVerifier('other') }))).toBe('another');
  expect(await holds(stored('app'))).toBe('another');
  expect(await holds(stored('app', { stored: verifier, canLogIn: false }))).toBe('another');
  expect(await holds(stored('app'), 'app_b')).toBe('missing');
});

test('a role that does not exist is refused with the nearest name', async () => {
  const { target } = server([stored('canary')]);
  const account = { role: 'kanary', database: 'canary' };
  const error = {
    code: 'RB_ACCOUNT_UNKNOWN',
    message: expect.stringContaining('did you mean "canary"'),
  };
  const secret = { login: 'kanary', value };
  await expect(type().holds(target({ account }), secret)).rejects.toMatchObject(error);
  await expect(type().set(target({ account }), secret)).rejects.toMatchObject(error);
});

test('a change brings a verifier on standard input, after all logs were told to be silent', async () => {
  const { service, target, changes, checkFence } = server([stored('app')]);
  expect(await type().set(target(), { login: 'app', value })).toEqual({ at });
  const [input = ''] = changes();
  expect(input).toMatch(/ALTER ROLE "app" PASSWORD E'SCRAM-SHA-256\$4096:[^']+';/);
  for (const setting of [
    'log_statement = none',
    'log_min_error_statement = panic',
    'log_min_duration_statement = -1',
  ]) {
    expect(input.indexOf(setting)).toBeGreaterThan(-1);
    expect(input.indexOf(setting)).toBeLessThan(input.indexOf('ALTER ROLE'));
  }
  expect(input).not.toContain(value);
  expect(JSON.stringify(service.commands)).not.toMatch(/SCRAM|ALTER/);
  expect(checkFence).toHaveBeenCalledTimes(1);
});

test('a value that the server has already is not set again', async () => {
  const { target, changes } = server([stored('app', { stored: await scramVerifier(value) })]);
  expect(await type().set(target(), { login: 'app', value })).toEqual({ at });
  expect(changes()).toEqual([]);
});

test('an attempt that was overtaken changes nothing', async () => {
  const { target, changes } = server([stored('app')]);
  const checkFence = async () => {
    throw new Error('fenced');
  };
  await expect(type().set(target({ checkFence }), { login: 'app', value })).rejects.toThrow(
    'fenced',
  );
  expect(changes()).toEqual([]);
});

test.for([
  ['psql:<stdin>:12: ERROR:  25006', 'RB_NO_PRIMARY', 'maybe'],
  ['psql:<stdin>:12: ERROR:  55P03', 'RB_DATABASE_BUSY', 'maybe'],
  [
    "psql:<stdin>:12: ERROR:  42601\nLINE 1: ALTER ROLE PASSWORD 'SCRAM-SHA-256$4096",
    'RB_CREDENTIAL_ANSWER',
    'maybe',
  ],
  [
    "psql:<stdin>:12: ERROR:  syntax error at 'SCRAM-SHA-256$4096'",
    'RB_CREDENTIAL_UNANSWERED',
    'maybe',
  ],
  ['psql:<stdin>:2: ERROR:  42501', 'RB_CREDENTIAL_ADMIN', 'never'],
  [
    'psql: error: connection to server on socket failed: FATAL:  Peer authentication failed for user "boss"',
    'RB_CREDENTIAL_ADMIN',
    'never',
  ],
  [
    'psql: error: connection to server on socket failed: FATAL:  sorry, too many clients already',
    'RB_CREDENTIAL_UNANSWERED',
    'maybe',
  ],
  [
    'psql: error: connection to server on socket failed: No such file or directory',
    'RB_CREDENTIAL_UNANSWERED',
    'maybe',
  ],
] as const)('psql says %j: %s, and nothing of the statement', async ([stderr, code, retry]) => {
  const { target } = server([stored('app')], { exitCode: 3, stdout: '', stderr });
  const error = await type()
    .set(target(), { login: 'app', value })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, retry });
  const { message, why, fix } = error as { message: string; why: string; fix: string };
  expect([message, why, fix].join(' ')).not.toMatch(/SCRAM|ALTER/);
});

test('a second login is made in one transaction, as a member that acts as the role', async () => {
  const { target, changes } = server([stored('app', { connectionLimit: 7 })]);
  await type().set(target({ strategy: 'alternating' }), { login: 'app_a', value });
  const [input = ''] = changes();
  const statements = input.slice(input.indexOf('BEGIN;'), input.indexOf('COMMIT;'));
  expect(statements).toContain('CREATE ROLE "app_a" IN ROLE "app";');
  expect(statements).toContain('CONNECTION LIMIT 7');
  expect(statements).toContain(`ALTER ROLE "app_a" SET role = E'app';`);
  expect(statements).toContain('PASSWORD');
});

test('a role of that name that is no member of the account is not taken over', async () => {
  const { target, changes } = server([stored('app'), stored('app_a')]);
  await expect(
    type().set(target({ strategy: 'alternating' }), { login: 'app_a', value }),
  ).rejects.toMatchObject({ code: 'RB_ACCOUNT_TAKEN', retry: 'never' });
  expect(changes()).toEqual([]);
});

test('a login that has a newer value is not retired with an old one', async () => {
  const newer = stored('app_a', { stored: await scramVerifier('newer'), memberOf: ['app'] });
  const { target, changes } = server([stored('app'), newer]);
  await type().retire(target({ strategy: 'alternating' }), { login: 'app_a', value });
  expect(changes()).toEqual([]);
  await type().retire(target({ strategy: 'alternating' }), { login: 'app_a', value: 'newer' });
  expect(changes()[0]).toContain('ALTER ROLE "app_a" NOLOGIN PASSWORD NULL;');
});

test('a group is not made a login by setting its password', async () => {
  const { target } = server([stored('app', { canLogIn: false })]);
  await expect(type().set(target(), { login: 'app', value })).rejects.toMatchObject({
    code: 'RB_ACCOUNT_NO_LOGIN',
  });
});

test.for([
  [{ role: 'app' }, 'account.database'],
  [{ role: 'app', database: 'app', user: 'x' }, 'account.user'],
  [{ role: 'x'.repeat(64), database: 'app' }, 'account.role'],
] as const)('the account %j is refused with its place', async ([account, place]) => {
  await expect(
    type().holds(server([]).target({ account }), { login: 'app', value }),
  ).rejects.toMatchObject({ code: 'RB_ACCOUNT_INVALID', why: expect.stringContaining(place) });
});

test('a login of another account is refused', async () => {
  await expect(
    type().set(server([stored('app')]).target(), { login: 'postgres', value }),
  ).rejects.toMatchObject({ code: 'RB_ACCOUNT_INVALID' });
});

test('a server that does not run is no reason to give up', async () => {
  const { target } = server([], {}, ended('db', 1));
  await expect(type().holds(target(), { login: 'app', value })).rejects.toMatchObject({
    code: 'RB_NO_PRIMARY',
    retry: 'maybe',
  });
});
