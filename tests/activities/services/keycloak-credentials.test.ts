import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { accountType, keycloakTarget } from '../../support/keycloak-target.ts';
import { KeycloakDouble } from './keycloak-double.ts';
import { ended, serviceDouble } from './service-double.ts';

const admin = accountType('admin');
const client = accountType('client');
const old: LoginSecret = { login: 'ops', value: 'old' };

let keycloak: KeycloakDouble;
beforeEach(async () => {
  keycloak = await KeycloakDouble.listen();
});
afterEach(async () => {
  await keycloak[Symbol.asyncDispose]();
});

describe('no answer of Keycloak', () => {
  const target = () => keycloakTarget(keycloak.service, { user: 'ops' });
  const proof = () => admin.prove(target(), old);

  test.for([500, 503, 429])('but %i is no verdict, and another try may help', async (status) => {
    keycloak.before = () => [status, { error: 'unknown_error' }];
    await expect(proof()).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_UNANSWERED',
      why: `it answered HTTP ${status}`,
      retry: 'maybe',
    });
  });

  test('but a redirect is not followed: it would carry the secret away', async () => {
    keycloak.before = (_, response) => {
      response.writeHead(307, { location: '/auth/elsewhere' }).end();
      return 'mine';
    };
    await expect(proof()).rejects.toMatchObject({ code: 'RB_CREDENTIAL_UNANSWERED' });
    expect(keycloak.requests).toHaveLength(1);
  });

  test('but one without an end is given up', async () => {
    keycloak.before = (_, response) => {
      response.writeHead(200);
      response.write('x'.repeat(5 * 1024 * 1024));
      return 'mine';
    };
    await expect(proof()).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_UNANSWERED',
      why: expect.stringContaining('longer than'),
    });
  });

  test('but a page of something else is said to be no answer that is known', async () => {
    keycloak.before = (_, response) => {
      response.end('<html>hello</html>');
      return 'mine';
    };
    await expect(proof()).rejects.toMatchObject({ code: 'RB_CREDENTIAL_ANSWER', why: 'HTTP 200' });
  });

  test('and no container that runs says which members there are', async () => {
    const stopped = serviceDouble([ended('keycloak', 1)]);
    await expect(admin.prove(keycloakTarget(stopped, { user: 'ops' }), old)).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_UNANSWERED',
      why: 'members: keycloak',
      retry: 'maybe',
    });
  });
});

describe('what the platform file says of an account', () => {
  test.for([
    [{ user: 'ops' }, true],
    [{ user: `o'dd; "name"` }, true],
    [{ user: 'ops\n' }, false],
    [{ user: '' }, false],
    [{ user: 'ops', realm: '..' }, false],
    [{ user: 'ops', realm: 'a/b' }, false],
    [{ user: 'ops', realm: 'my realm' }, true],
    [{ user: 'ops', passwort: 'x' }, false],
  ] as const)('%j is an administrator: %s', ([account, valid]) => {
    expect(admin.account.safeParse(account).success).toBe(valid);
  });

  test.for([
    [{ client: 'app', admin: 'keycloak-admin' }, true],
    [{ client: 'app' }, false],
    [{ client: 'app', admin: '../x' }, false],
  ] as const)('%j is a client: %s', ([account, valid]) => {
    expect(client.account.safeParse(account).success).toBe(valid);
  });

  test('keeps its login in each version', () => {
    const strategy = 'single';
    expect(admin.nextLogin({ account: { user: 'ops' }, strategy }, 'ops', 'v2')).toBe('ops');
    const account = { client: 'app', admin: 'x' };
    expect(client.nextLogin({ account, strategy }, undefined, 'v1')).toBe('app');
  });
});
