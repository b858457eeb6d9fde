import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { accountType, keycloakTarget, type TargetOptions } from '../../support/keycloak-target.ts';
import { KeycloakDouble } from './keycloak-double.ts';

const client = accountType('client');
const secret = (value: string, login = 'ops'): LoginSecret => ({ login, value });

let keycloak: KeycloakDouble;
beforeEach(async () => {
  keycloak = await KeycloakDouble.listen();
});
afterEach(async () => {
  await keycloak[Symbol.asyncDispose]();
});

describe('a client of Keycloak', () => {
  const target = (more: TargetOptions = {}, account: Record<string, string> = {}) =>
    keycloakTarget(
      keycloak.service,
      { client: 'app', admin: 'keycloak-admin', ...account },
      { secrets: { 'keycloak-admin': secret('old') }, ...more },
    );
  const next = secret('new', 'app');

  test('keeps all else that it is when its secret is set', async () => {
    keycloak.client = { ...keycloak.client, name: 'App', secret: 'old' } as never;
    await client.set(target(), next);
    expect(keycloak.client).toMatchObject({ name: 'App', secret: 'new' });
    expect(keycloak.writes).toEqual(['PUT /clients/2']);
  });

  test('that Keycloak gives another secret than the one that was set is no success', async () => {
    keycloak.before = ({ method }) => (method === 'PUT' ? [204] : undefined);
    await expect(client.set(target(), next)).rejects.toMatchObject({ code: 'RB_CREDENTIAL_VALUE' });
  });

  test('that is not there is no refusal of a secret, though Keycloak words it alike', async () => {
    const words = 'Invalid client or Invalid client credentials';
    keycloak.before = () => [401, { error: 'invalid_client', error_description: words }];
    await expect(client.prove(target(), next)).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ACCOUNT',
      why: `HTTP 401 invalid_client: ${words}`,
    });
  });

  test('is asked for by the name of its account, whatever name the secret has', async () => {
    expect(await client.prove(target(), secret('old', ''))).toMatchObject({ accepted: true });
    expect(await client.prove(target(), secret('new', ''))).toMatchObject({
      accepted: false,
      refusal: 'HTTP 401 unauthorized_client',
    });
  });

  test('is worked on by the administrator that the account names', async () => {
    const nameless = { secrets: { 'keycloak-admin': secret('old', 'whoever') } };
    expect(await client.holds(target(nameless, { adminUser: 'ops' }), secret('old'))).toBe('this');
    const unknown = { secrets: { 'keycloak-admin': secret('old', '') } };
    await expect(client.holds(target(unknown), secret('old'))).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ACCOUNT',
      why: expect.stringContaining('adminUser'),
    });
  });

  test('cannot have two secrets while the feature is off, and the error says so', async () => {
    keycloak.before = ({ path }) => {
      if (path !== '/admin/serverinfo') return undefined;
      return [200, { features: [{ name: 'CLIENT_SECRET_ROTATION', enabled: false }] }];
    };
    await expect(client.holds(target({ strategy: 'dual' }), next)).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_STRATEGY',
      why: "Keycloak's preview feature client-secret-rotation is off",
      retry: 'never',
    });
  });

  describe('with two secrets', () => {
    let fence: number[];
    const dual = () =>
      target({ strategy: 'dual', fence: () => fence.push(keycloak.writes.length) });
    beforeEach(() => {
      fence = [];
      keycloak.policy = { exists: true, applies: true };
    });

    test('gets the new one beside the old, each step behind the fence', async () => {
      await client.set(dual(), next);
      await client.set(dual(), next);
      expect(keycloak.client).toMatchObject({
        secret: 'new',
        attributes: { 'client.secret.rotated': 'old' },
      });
      await client.retire(dual(), secret('old', 'app'));
      await client.retire(dual(), secret('old', 'app'));
      expect(keycloak.client?.attributes).not.toHaveProperty('client.secret.rotated');
      expect(keycloak.writes).toEqual([
        'PUT /clients/2',
        'PUT /clients/2',
        'DELETE /clients/2/client-secret/rotated',
      ]);
      expect(fence).toEqual([0, 1, 2]);
    });

    test('keeps the old one alone when the policy is not for it', async () => {
      keycloak.policy.applies = false;
      await expect(client.set(dual(), next)).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_STRATEGY',
      });
      expect(keycloak.client?.secret).toBe('old');
    });

    test('goes back by retiring the new one, and keeps the last', async () => {
      await client.set(dual(), next);
      await client.retire(dual(), next);
      expect(keycloak.client?.secret).toBe('old');
      await expect(client.retire(dual(), secret('old', 'app'))).rejects.toMatchObject({
        code: 'RB_CREDENTIAL_ONLY',
        retry: 'never',
      });
    });

    test('has one again after a rotation with one at a time', async () => {
      await client.set(dual(), next);
      await client.set(target(), secret('third', 'app'));
      expect(keycloak.client).toMatchObject({ secret: 'third' });
      expect(keycloak.client?.attributes).not.toHaveProperty('client.secret.rotated');
    });
  });
});
