import { describe, expect, test } from 'vitest';
import { kindOf } from '../../../src/activities/services/registry.ts';

interface Seen {
  readonly words?: readonly string[];
  readonly members?: number;
}

function opens(kind: string, variable: string, variables: object, more: Seen = {}) {
  const { words = [], members = 1 } = more;
  const seen = { variables: new Map(Object.entries(variables)), words, members };
  return kindOf('x', kind).secretIntake?.opens(variable, seen);
}

const unknown = { unknown: expect.any(String) };
const db = {
  KC_DB_URL: 'jdbc:postgresql://pg1/keycloak?ssl=true',
  KC_DB_USERNAME: 'kc',
};
const role = (name: string, database: string, ...at: string[]) => ({
  ...{ type: 'role', account: { role: name, database }, at, takes: 'restart' },
});

test('postgres: the role that its image makes, whose file is read once', () => {
  const told = (variables: object) => opens('postgres', 'POSTGRES_PASSWORD', variables);
  const of = (name: string, database: string) => ({
    ...{ type: 'role', account: { role: name, database }, takes: 'start' },
  });
  expect(told({})).toEqual(of('postgres', 'postgres'));
  expect(told({ POSTGRES_USER: 'app' })).toEqual(of('app', 'app'));
  expect(told({ POSTGRES_USER: 'app', POSTGRES_DB: 'shop' })).toEqual(of('app', 'shop'));
});

test('minio: the root user of a single server', () => {
  const user = { MINIO_ROOT_USER: 'boss' };
  const told = { type: 'root', account: { user: 'boss' }, takes: 'restart' };
  expect(opens('minio', 'MINIO_ROOT_PASSWORD', user)).toEqual(told);
  expect(opens('minio', 'MINIO_ROOT_PASSWORD', {})).toEqual(unknown);
  expect(opens('minio', 'MINIO_ROOT_PASSWORD', user, { members: 4 })).toEqual(unknown);
});

describe('keycloak', () => {
  test('the administrator of its first start', () => {
    const told = (variables: object) => opens('keycloak', 'KC_BOOTSTRAP_ADMIN_PASSWORD', variables);
    const of = (user: string) => ({ type: 'admin', account: { user }, takes: 'start' });
    expect(told({ KC_BOOTSTRAP_ADMIN_USERNAME: 'ann' })).toEqual(of('ann'));
    expect(told({})).toEqual(of('temp-admin'));
  });

  test('its role in the database that its URL, or the parts of one, name', () => {
    const told = (variables: object) => opens('keycloak', 'KC_DB_PASSWORD', variables);
    expect(told(db)).toEqual(role('kc', 'keycloak', 'pg1:5432'));
    const parts = { KC_DB: 'postgres', KC_DB_URL_HOST: 'pg', KC_DB_USERNAME: 'kc' };
    expect(told(parts)).toEqual(role('kc', 'keycloak', 'pg:5432'));
    const all = { ...parts, KC_DB_URL_PORT: '6432', KC_DB_URL_DATABASE: 'auth' };
    expect(told(all)).toEqual(role('kc', 'auth', 'pg:6432'));
    const two = { ...db, KC_DB_URL: 'jdbc:postgresql://pg1:5432,pg2:5433/keycloak' };
    expect(told(two)).toEqual(role('kc', 'keycloak', 'pg1:5432', 'pg2:5433'));
  });

  test.each([
    ['nobody names the role', { KC_DB_URL: db.KC_DB_URL }],
    ['nobody names the database', { KC_DB_USERNAME: 'kc' }],
    ['it is another database', { ...db, KC_DB_URL: 'jdbc:mariadb://db/keycloak' }],
    ['its kind of database is not said', { KC_DB_URL_HOST: 'pg', KC_DB_USERNAME: 'kc' }],
    ['its URL has a login', { ...db, KC_DB_URL: 'jdbc:postgresql://pg1/k?a=b&user=x' }],
  ])('nothing when %s', (_, variables) => {
    expect(opens('keycloak', 'KC_DB_PASSWORD', variables)).toEqual(unknown);
  });

  test('nothing where its command wins over variables', () => {
    const told = (...words: string[]) => opens('keycloak', 'KC_DB_PASSWORD', db, { words });
    expect(told('start', '--db-username=other')).toEqual(unknown);
    expect(told('start', '--db=postgres', '--optimized')).toMatchObject({ type: 'role' });
  });

  test('nothing of passwords that open no account', () => {
    expect(opens('keycloak', 'KC_HTTPS_KEY_STORE_PASSWORD', {})).toEqual(unknown);
  });
});

test('nessie: its role in the database of the same source', () => {
  const variables = {
    QUARKUS_DATASOURCE_A_JDBC_URL: 'jdbc:postgresql://pg1:5433/nessie',
    QUARKUS_DATASOURCE_A_USERNAME: 'n',
  };
  const told = (name: string, words: string[] = []) => opens('nessie', name, variables, { words });
  expect(told('QUARKUS_DATASOURCE_A_PASSWORD')).toEqual(role('n', 'nessie', 'pg1:5433'));
  expect(told('QUARKUS_DATASOURCE_PASSWORD')).toEqual(unknown);
  expect(told('QUARKUS_OIDC_CREDENTIALS_SECRET')).toEqual(unknown);
  const words = ['-Dquarkus.datasource.a.username=m'];
  expect(told('QUARKUS_DATASOURCE_A_PASSWORD', words)).toEqual(unknown);
});

test.each(['superuser', 'replication', 'rewind'])('patroni: the %s that variables name', (type) => {
  const name = `PATRONI_${type.toUpperCase()}`;
  const told = (variables: object, members = 1) =>
    opens('patroni', `${name}_PASSWORD`, variables, { members });
  const variables = { [`${name}_USERNAME`]: 'r' };
  expect(told(variables)).toEqual({ type, account: { role: 'r' }, takes: 'restart' });
  // Its configuration file may say another one.
  expect(told({})).toEqual(unknown);
  expect(told(variables, 3)).toEqual(unknown);
});
