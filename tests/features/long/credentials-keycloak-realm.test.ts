import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { KeycloakOperator, passwordGrant } from '../../support/keycloak-operator.ts';
import { KeycloakServer } from '../../support/keycloak-server.ts';
import { accountType, keycloakTarget, type TargetOptions } from '../../support/keycloak-target.ts';
import { until } from '../../support/until.ts';

const odd = `o'dd; "name" %2F..ü`;
const admin = accountType('admin');
const client = accountType('client');

/** Keycloak 26.7.3 of the lab's image, with a database in memory. Each test goes on from the last. */
let server: KeycloakServer;
let operator: KeycloakOperator;
beforeAll(async () => {
  server = await KeycloakServer.start();
  operator = new KeycloakOperator(server.base, server.admin);
  await operator.call('POST', '', { realm: 'shop', enabled: true });
  for (const [clientId, more] of Object.entries({
    [odd]: { serviceAccountsEnabled: true, authorizationServicesEnabled: true },
    web: { standardFlowEnabled: true, redirectUris: ['http://127.0.0.1/*'] },
    basic: { attributes: { 'client.secret.authentication.allowed.method': 'client_secret_basic' } },
    signing: { clientAuthenticatorType: 'client-secret-jwt' },
    open: { publicClient: true },
  })) {
    await operator.call('POST', '/shop/clients', { clientId, secret: 'first', ...more });
  }
});
afterAll(() => server?.stop());

const value = (login: string, version: string): LoginSecret => ({
  login,
  value: `value-${version}`,
});

describe('a confidential client', () => {
  const first = { login: odd, value: 'first' };
  const target = (more: TargetOptions & { name?: string; admin?: LoginSecret } = {}) =>
    keycloakTarget(
      server.service,
      { client: more.name ?? odd, realm: 'shop', admin: 'keycloak-admin' },
      { secrets: { 'keycloak-admin': more.admin ?? server.admin }, ...more },
    );

  test('moves to a new secret at once, and the old one is refused by name', async () => {
    expect(await client.holds(target(), first)).toBe('this');
    expect(await client.holds(target(), value(odd, '2'))).toBe('another');
    let effects = 0;
    await client.set(target({ fence: () => effects++ }), value(odd, '2'));
    await client.set(target({ fence: () => effects++ }), value(odd, '2'));
    expect(effects).toBe(1);
    expect(await client.holds(target(), value(odd, '2'))).toBe('this');
    expect(await client.prove(target(), value(odd, '2'))).toEqual({
      accepted: true,
      words: `a token, and service-account-${odd} read with it`.toLowerCase(),
    });
    expect(await client.prove(target(), first)).toEqual({
      accepted: false,
      refusal: 'HTTP 401 unauthorized_client',
      words: expect.stringContaining('Invalid client or Invalid client credentials'),
    });
    const kept = await operator.call(
      'GET',
      `/shop/clients?${new URLSearchParams({ clientId: odd })}`,
    );
    expect(kept).toMatchObject([
      { authorizationServicesEnabled: true, serviceAccountsEnabled: true },
    ]);
  });

  test('without a service account is proved by a question about a token', async () => {
    const web = { name: 'web' };
    await client.set(target(web), value('web', '2'));
    expect(await client.prove(target(web), value('web', '2'))).toMatchObject({ accepted: true });
    expect(await client.prove(target(web), { login: 'web', value: 'first' })).toMatchObject({
      accepted: false,
      refusal: 'HTTP 401 unauthorized_client',
    });
  });

  test.for([
    ['basic', 'in a header only'],
    ['signing', 'authenticates by client-secret-jwt'],
    ['open', 'it is public'],
  ] as const)('%s has no secret that can be rotated: %s', async ([name, why]) => {
    await expect(client.holds(target({ name }), value(name, '2'))).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ACCOUNT',
      why: expect.stringContaining(why),
      retry: 'never',
    });
  });

  test('that does not exist is missing, and nothing is made', async () => {
    const nobody = target({ name: 'nobody' });
    expect(await client.holds(nobody, value('nobody', '2'))).toBe('missing');
    const refused = { code: 'RB_CREDENTIAL_ACCOUNT', retry: 'never' };
    await expect(client.set(nobody, value('nobody', '2'))).rejects.toMatchObject(refused);
    await expect(client.prove(nobody, value('nobody', '2'))).rejects.toMatchObject(refused);
  });

  test('is left alone when the administrator is refused', async () => {
    const wrong = target({ admin: { login: server.admin.login, value: 'wrong' } });
    await expect(client.set(wrong, value(odd, '3'))).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ADMIN',
      why: 'HTTP 400 invalid_grant: Invalid user credentials',
      retry: 'never',
    });
    expect(await client.holds(target(), value(odd, '2'))).toBe('this');
  });

  test('cannot have two secrets while no policy of the realm lets it', async () => {
    await expect(client.holds(target({ strategy: 'dual' }), value(odd, '2'))).rejects.toMatchObject(
      {
        code: 'RB_CREDENTIAL_STRATEGY',
        why: expect.stringContaining('no client policy with the executor secret-rotation'),
      },
    );
  });

  describe('with a policy for two secrets', () => {
    const dual = (more: TargetOptions = {}) => target({ strategy: 'dual', ...more });
    const accepted = async (version: string) =>
      (await client.prove(dual(), value(odd, version))).accepted;

    test('that is for other clients keeps its one secret', async () => {
      await setPolicy({ condition: 'client-roles', configuration: { roles: ['none-has-it'] } });
      await expect(client.set(dual(), value(odd, '3'))).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_STRATEGY',
      });
      expect(await accepted('2')).toBe(true);
    });

    test('has both for a while, and goes on with the new one', async () => {
      await setPolicy({ condition: 'any-client', configuration: {} });
      await client.set(dual(), value(odd, '3'));
      await client.set(dual(), value(odd, '3'));
      expect([await accepted('2'), await accepted('3')]).toEqual([true, true]);
      expect(await client.holds(dual(), value(odd, '2'))).toBe('this');
      await client.retire(dual(), value(odd, '2'));
      await client.retire(dual(), value(odd, '2'));
      expect([await accepted('2'), await accepted('3')]).toEqual([false, true]);
      expect(await client.holds(dual(), value(odd, '2'))).toBe('another');
    });

    test('or goes back to the old one', async () => {
      await client.set(dual(), value(odd, '4'));
      await client.retire(dual(), value(odd, '4'));
      expect([await accepted('3'), await accepted('4')]).toEqual([true, false]);
      await expect(client.retire(dual(), value(odd, '3'))).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_ONLY',
      });
    });

    test("gets no secret of Keycloak's own when its old one has expired", async () => {
      const [kept] = z.array(z.looseObject({ id: z.string() })).parse(await shown());
      const expiresAt = Math.floor(Date.now() / 1000) + 1;
      const attributes = { 'client.secret.expiration.time': String(expiresAt) };
      await operator.call('PUT', `/shop/clients/${kept?.id}`, { ...kept, attributes });
      await until('it has expired', async () => Date.now() / 1000 > expiresAt + 1);
      await client.set(dual(), value(odd, '5'));
      expect(await shown()).toMatchObject([
        { secret: 'value-5', attributes: { 'client.secret.rotated': 'value-3' } },
      ]);
    });
  });

  const shown = () =>
    operator.call('GET', `/shop/clients?${new URLSearchParams({ clientId: odd })}`);

  async function setPolicy(condition: object): Promise<void> {
    const configuration = {
      'expiration-period': 86_400,
      'rotated-expiration-period': 3600,
      'remaining-rotation-period': 60,
    };
    const executors = [{ executor: 'secret-rotation', configuration }];
    await operator.call('PUT', '/shop/client-policies/profiles', {
      profiles: [{ name: 'two', executors }],
    });
    await operator.call('PUT', '/shop/client-policies/policies', {
      policies: [{ name: 'two', enabled: true, conditions: [condition], profiles: ['two'] }],
    });
  }
});

describe('an administrator', () => {
  const name = 'Ops.Nächt+1@unit.example';
  const old = { login: name, value: 'value-old' };
  const next = { login: name, value: 'value-next' };
  const later = { login: name, value: 'value-later' };
  const own = (known: readonly LoginSecret[], more: TargetOptions = {}) =>
    keycloakTarget(server.service, { user: name }, { known, ...more });
  let userId: string;
  beforeAll(async () => {
    await operator.call('POST', '/master/users', {
      ...{ username: name, enabled: true },
      credentials: [{ type: 'password', value: old.value, temporary: false }],
    });
    userId = await operator.idOf(`/master/users?${new URLSearchParams({ username: name })}`);
    const role = await operator.call('GET', '/master/roles/admin');
    await operator.call('POST', `/master/users/${userId}/role-mappings/realm`, [role]);
  });
  const sessions = async () =>
    z
      .array(z.object({ id: z.string() }))
      .parse(await operator.call('GET', `/master/users/${userId}/sessions`));

  test('sets its own password, also when a crash hid that it was set', async () => {
    expect(await admin.holds(own([old]), old)).toBe('this');
    expect(await admin.holds(own([next, old]), next)).toBe('another');
    let effects = 0;
    const target = own([next, old], { fence: () => effects++ });
    const { at } = await admin.set(target, next);
    expect(await admin.set(target, next)).toEqual({ at });
    expect(effects).toBe(1);
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(10_000);
    expect(await admin.prove(target, next)).toMatchObject({ accepted: true });
    expect(await admin.prove(target, old)).toEqual({
      accepted: false,
      refusal: 'HTTP 400 invalid_grant',
      words: 'HTTP 400 invalid_grant: Invalid user credentials',
    });
    expect(await sessions()).toEqual([]);
  });

  test('sees who logged in with the old password, offline tokens too, and ends them alone', async () => {
    const target = own([old, next]);
    await passwordGrant(server.base, next);
    await passwordGrant(server.base, next, 'offline_access');
    await until('a second has begun', async () => Date.now() % 1000 < 200);
    const { at } = await admin.set(target, old);
    await until('a later second has begun', async () => Date.now() > Date.parse(at) + 1000);
    await passwordGrant(server.base, old);
    const found = (await admin.sessions?.(target, name, at)) ?? [];
    expect(found).toEqual([
      {
        id: expect.any(String),
        since: expect.any(String),
        from: expect.stringMatching(/, admin-cli$/),
      },
      {
        id: expect.stringMatching(/^offline:/),
        since: expect.any(String),
        from: expect.stringMatching(/, admin-cli, offline$/),
      },
    ]);
    expect(await admin.sessions?.(target, name)).toHaveLength(3);
    await admin.endSessions?.(target, found);
    await admin.endSessions?.(target, found);
    expect(await admin.sessions?.(target, name, at)).toEqual([]);
    expect(await admin.sessions?.(target, name)).toHaveLength(1);
  });

  test('is refused with a value that the realm does not allow, in its words', async () => {
    await operator.call('PUT', '/master', { passwordPolicy: 'length(8) and passwordHistory(3)' });
    await expect(admin.set(own([old]), { login: name, value: 'short' })).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_VALUE',
      why: expect.stringContaining('minimum length 8'),
      retry: 'never',
    });
  });

  describe('under another one', () => {
    const other = (secret: LoginSecret, user = name) =>
      keycloakTarget(
        server.service,
        { user, admin: 'keycloak-admin' },
        { secrets: { 'keycloak-admin': secret } },
      );

    test('gets a password, twice the same where a history forbids that', async () => {
      const fresh = { login: name, value: 'value-fresh' };
      const { at } = await admin.set(other(server.admin), fresh);
      expect(await admin.set(other(server.admin), fresh)).toEqual({ at });
      expect(await admin.holds(other(server.admin), fresh)).toBe('this');
      await admin.set(other(server.admin), later);
      // The way back is forbidden as well.
      await expect(admin.set(other(server.admin), fresh)).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_VALUE',
        why: expect.stringContaining('must not be equal to any of last 3 passwords'),
      });
    });

    test('that is no administrator gets nothing done', async () => {
      await operator.call('POST', '/master/users', {
        ...{ username: 'clerk', enabled: true },
        credentials: [{ type: 'password', value: 'clerk-clerk', temporary: false }],
      });
      const clerk = { login: 'clerk', value: 'clerk-clerk' };
      await expect(admin.set(other(clerk), next)).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_ADMIN',
        message: expect.stringContaining('may not find the user'),
      });
    });

    test('is missing when there is no such user', async () => {
      expect(await admin.holds(other(server.admin, 'nobody'), old)).toBe('missing');
      await expect(admin.set(other(server.admin, 'nobody'), old)).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_ACCOUNT',
      });
    });

    test('is not locked by a proof, and its lock is no proof', async () => {
      await operator.call('PUT', '/master', { bruteForceProtected: true });
      const wrong = { login: name, value: 'wrong' };
      expect(await admin.prove(other(server.admin), wrong)).toMatchObject({ accepted: false });
      expect(await admin.prove(other(server.admin), later)).toMatchObject({ accepted: true });
      await Promise.all([passwordGrant(server.base, wrong), passwordGrant(server.base, wrong)]);
      await expect(admin.prove(other(server.admin), wrong)).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_LOCKED',
        retry: 'maybe',
      });
    });
  });
});

test('a Keycloak that is gone is no verdict', async () => {
  const target = keycloakTarget(
    server.service,
    { client: 'web', realm: 'shop', admin: 'keycloak-admin' },
    { secrets: { 'keycloak-admin': server.admin } },
  );
  await server.stop();
  await expect(client.prove(target, value('web', '2'))).rejects.toMatchObject({
    code: 'RB_CREDENTIAL_UNANSWERED',
    retry: 'maybe',
  });
});
