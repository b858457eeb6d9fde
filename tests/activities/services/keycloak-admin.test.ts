import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { accountType, keycloakTarget, type TargetOptions } from '../../support/keycloak-target.ts';
import { KeycloakDouble } from './keycloak-double.ts';
import { serviceDouble } from './service-double.ts';

const admin = accountType('admin');
const secret = (value: string, login = 'ops'): LoginSecret => ({ login, value });

let keycloak: KeycloakDouble;
beforeEach(async () => {
  keycloak = await KeycloakDouble.listen();
});
afterEach(async () => {
  await keycloak[Symbol.asyncDispose]();
});

describe('an administrator of Keycloak', () => {
  const target = (known: readonly LoginSecret[], more: TargetOptions = {}) =>
    keycloakTarget(keycloak.service, { user: 'ops' }, { known, ...more });
  const known = [secret('new'), secret('old'), secret('older')];

  test('sets its own password with the one before, and then with none', async () => {
    const fence: number[] = [];
    const fenced = target(known, { fence: () => fence.push(keycloak.writes.length) });
    const { at } = await admin.set(fenced, secret('new'));
    expect(keycloak.password).toBe('new');
    expect(keycloak.refusedLogins).toBe(0);
    expect(await admin.set(fenced, secret('new'))).toEqual({ at });
    expect(keycloak.refusedLogins).toBe(1);
    expect(fence).toEqual([0]);
    expect(keycloak.writes).toEqual(['PUT /users/1/reset-password']);
  });

  test('tells the time at which it was set by the clock of Keycloak', async () => {
    const { at } = await admin.set(target(known), secret('new'));
    expect(at).toBe(new Date(1_795_750_970_720).toISOString());
  });

  test('goes back to the one before', async () => {
    keycloak.password = 'new';
    await admin.set(target(known), secret('old'));
    expect(keycloak.password).toBe('old');
    expect(keycloak.refusedLogins).toBe(0);
  });

  test('is refused by name once none of its values is in force', async () => {
    keycloak.password = 'foreign';
    await expect(admin.set(target([secret('old')]), secret('new'))).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ADMIN',
      message: expect.stringContaining('the administrator ops of the realm master'),
      retry: 'never',
    });
    expect(keycloak.writes).toEqual([]);
  });

  test('tries no value twice', async () => {
    keycloak.password = 'foreign';
    const twice = target([secret('old'), secret('old')]);
    await expect(admin.sessions?.(twice, 'ops')).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ADMIN',
    });
    expect(keycloak.refusedLogins).toBe(1);
  });

  test('is never refused twice within the second that locks an account', async () => {
    const startedAt = performance.now();
    expect(await admin.prove(target(known), secret('new'))).toMatchObject({ accepted: false });
    expect(await admin.holds(target(known), secret('older'))).toBe('another');
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
  });

  test('has not set anything when a newer attempt has taken over', async () => {
    const taken = target(known, {
      fence: () => {
        throw new Error('taken over');
      },
    });
    await expect(admin.set(taken, secret('new'))).rejects.toThrow('taken over');
    expect([keycloak.password, ...keycloak.writes]).toEqual(['old']);
    expect(keycloak.sessions.size).toBe(0);
  });

  test.for([
    ['26.7', 400],
    ['versions before', 401],
  ] as const)('is proved refused by the word of %s', async ([, status]) => {
    const words = { error: 'invalid_grant', error_description: 'Invalid user credentials' };
    keycloak.before = () => [status, words];
    expect(await admin.prove(target(known), secret('old'))).toEqual({
      accepted: false,
      refusal: `HTTP ${status} invalid_grant`,
      words: `HTTP ${status} invalid_grant: Invalid user credentials`,
    });
    expect(keycloak.requests).toHaveLength(1);
  });

  test.for(['Account disabled', 'Account is not fully set up'])(
    'that Keycloak refuses with "%s" proves nothing of the password',
    async (error_description) => {
      keycloak.before = () => [400, { error: 'invalid_grant', error_description }];
      await expect(admin.prove(target(known), secret('old'))).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_ACCOUNT',
        why: expect.stringContaining(error_description),
      });
    },
  );

  test('is proved along the route of its consumers', async () => {
    const elsewhere = serviceDouble([], undefined, { basePath: '/auth' });
    const route = { host: '127.0.0.1', port: keycloak.port };
    const routed = keycloakTarget(elsewhere, { user: 'ops' }, { route });
    expect(await admin.prove(routed, secret('old'))).toMatchObject({ accepted: true });
  });

  test('sends secrets in bodies only, and leaves no session behind', async () => {
    await admin.holds(target(known), secret('old'));
    await admin.set(target(known), secret('new'));
    await admin.prove(target(known), secret('new'));
    await admin.sessions?.(target(known), 'ops');
    expect(keycloak.sessions.size).toBe(0);
    const paths = keycloak.requests.map(({ path }) => path);
    for (const path of paths) expect(path).not.toMatch(/old|new/);
  });

  test('sees sessions of the second in which its password was set, and never its own', async () => {
    keycloak.sessions.add('somebody');
    const at = new Date(1_795_750_969_001).toISOString();
    const seen = {
      id: 'somebody',
      since: '2026-11-27T03:42:49.000Z',
      from: '172.18.0.1, admin-cli',
    };
    expect(await admin.sessions?.(target([secret('old')]), 'ops', at)).toEqual([seen]);
    const second = new Date(1_795_750_969_000).toISOString();
    expect(await admin.sessions?.(target([secret('old')]), 'ops', second)).toEqual([]);
  });
});
