import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoginSecret } from '../../../src/activities/services/credentials.ts';
import { KeycloakOperator } from '../../support/keycloak-operator.ts';
import { accountType, keycloakTarget, type TargetOptions } from '../../support/keycloak-target.ts';
import { LabKeycloak } from '../../support/lab-keycloak.ts';

const admin = accountType('admin');
const client = accountType('client');

/** As it stands in the lab, on PostgreSQL under Patroni. */
describe('the Keycloak of the lab', () => {
  let lab: LabKeycloak;
  beforeAll(async () => {
    lab = await LabKeycloak.open();
  });
  afterAll(() => lab?.close());

  const next = (): LoginSecret => ({ login: lab.admin.login, value: 'a-new-value-of-the-admin' });
  const own = () =>
    keycloakTarget(
      lab.service,
      { user: lab.admin.login },
      { known: [next(), lab.admin], route: lab.route },
    );
  const app = (more: TargetOptions = {}) =>
    keycloakTarget(
      lab.service,
      { client: 'app', realm: 'lab-app', admin: 'keycloak-admin' },
      { route: lab.route, secrets: { 'keycloak-admin': next() }, ...more },
    );

  test('lets its first administrator set its own password and refuses the old one', async () => {
    expect(await admin.holds(own(), lab.admin)).toBe('this');
    const { at } = await admin.set(own(), next());
    expect(await admin.prove(own(), next())).toMatchObject({ accepted: true });
    expect(await admin.prove(own(), lab.admin)).toMatchObject({
      accepted: false,
      refusal: 'HTTP 400 invalid_grant',
    });
    expect(await admin.sessions?.(own(), lab.admin.login, at)).toEqual([]);
  });

  test('lets a client move to a new secret, with one at a time', async () => {
    const operator = new KeycloakOperator(lab.base, next());
    await operator.call('POST', '', { realm: 'lab-app', enabled: true });
    const first = { login: 'app', value: 'first-secret-of-the-app' };
    await operator.call('POST', '/lab-app/clients', {
      ...{ clientId: 'app', serviceAccountsEnabled: true, secret: first.value },
    });
    const second = { login: 'app', value: 'second-secret-of-the-app' };
    await client.set(app(), second);
    expect(await client.holds(app(), second)).toBe('this');
    expect(await client.prove(app(), second)).toMatchObject({ accepted: true });
    expect(await client.prove(app(), first)).toMatchObject({
      accepted: false,
      refusal: 'HTTP 401 unauthorized_client',
    });
    await expect(client.holds(app({ strategy: 'dual' }), second)).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_STRATEGY',
      why: "Keycloak's preview feature client-secret-rotation is off",
    });
  });

  test('keeps the new password although its file still holds the first one', async () => {
    await lab.restart();
    expect(await admin.holds(own(), next())).toBe('this');
  });
});
