import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { accountType, keycloakTarget, type TargetOptions } from '../../support/keycloak-target.ts';
import { KeycloakDouble } from './keycloak-double.ts';
import { ended, serviceDouble } from './service-double.ts';

const admin = accountType('admin');
const client = accountType('client');
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

  test('tries no value twice, and not two within the second that locks an account', async () => {
    keycloak.password = 'foreign';
    const startedAt = performance.now();
    const twice = target([secret('old'), secret('old'), secret('new')]);
    await expect(admin.sessions?.(twice, 'ops')).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ADMIN',
    });
    expect(keycloak.refusedLogins).toBe(2);
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

describe('no answer of Keycloak', () => {
  const target = () => keycloakTarget(keycloak.service, { user: 'ops' });
  const proof = () => admin.prove(target(), secret('old'));

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
    await expect(
      admin.prove(keycloakTarget(stopped, { user: 'ops' }), secret('old')),
    ).rejects.toMatchObject({
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
