import { expect, test } from 'vitest';
import { accountFacts } from '../../../src/activities/migrate/account-facts.ts';
import { testPlatform } from '../test-attempt.ts';
import { containerOf } from './opened-migration.ts';

const variables = ['POSTGRES_PASSWORD=x', 'POSTGRES_USER=shop', 'GF_SECURITY_ADMIN_PASSWORD=y'];

function opens(kind: string, variable: string, image: string, secrets: object) {
  const platform = testPlatform({ services: { db: { kind } }, secrets });
  const container = containerOf('db', variables);
  container.Config.Image = image;
  return accountFacts(platform, [container]).opens('db', variable);
}

const ownImage = { fileVariables: { db: '{}_FILE' } };
const role = { type: 'role', account: { role: 'shop', database: 'shop' } };

test.each([
  ['the usual image', {}],
  ['an image of somebody’s own', ownImage],
])('a server says by its kind what its variable opens, in %s', (_, secrets) => {
  expect(opens('postgres', 'POSTGRES_PASSWORD', 'acme/db', secrets)).toMatchObject(role);
});

test.each([
  ['postgres', 'BACKUP_S3_SECRET_KEY'],
  ['nessie', 'DB_PASSWORD'],
])(
  'a kind (%s) says nothing of a variable that only the image of one’s own knows',
  (kind, variable) => {
    expect(opens(kind, variable, 'acme/db', ownImage)).toBeUndefined();
  },
);

test('an image of somebody’s own that is a server of no kind says nothing, whatever it is called', () => {
  const variable = 'GF_SECURITY_ADMIN_PASSWORD';
  expect(opens('container', variable, 'grafana/grafana', {})).toBeDefined();
  expect(opens('container', variable, 'grafana/grafana', ownImage)).toBeUndefined();
  expect(opens('container', 'POSTGRES_PASSWORD', 'acme/db', ownImage)).toBeUndefined();
});
