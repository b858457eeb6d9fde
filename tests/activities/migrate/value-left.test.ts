import { expect, test } from 'vitest';
import { isLeft } from '../../../src/activities/migrate/value-left.ts';
import type { MigratedSecret, Move } from '../../../src/shared/secrets/migration.ts';

const move: Move = {
  ...{ secret: 'db-password', service: 'db', variable: 'POSTGRES_PASSWORD', handedOver: false },
  intake: { how: 'file variable', variable: 'POSTGRES_PASSWORD_FILE' },
};
const secret: MigratedSecret = {
  ...{ name: 'db-password', source: 'DB_PASSWORD', description: 'Of db', left: [] },
};
const inspect = (service: string, text: string) => ({ place: `inspect ${service}`, service, text });
const file = (text: string) => ({ place: '.env', text });
const left = (
  looked: ReturnType<typeof inspect> | ReturnType<typeof file>,
  value: string,
  own = secret,
) => isLeft(looked, own, value, { moves: [move] });

const long = 'q7Lw-93kd0-Xa81';

test.each([
  inspect('db', `["OTHER=${long}"]`),
  inspect('web', `["--with=a${long}b"]`),
  file(`# ${long}`),
  inspect('db', `["DSN=pg://a:${encodeURIComponent(long)}@db"]`),
  ...['a:', 'ab:', 'abc:'].map((user) => file(`AUTH=Basic ${btoa(`${user}${long}`)}`)),
  file(`API_KEY_BASE64=${btoa(long)}`),
])('a long value with digits is left wherever it stands: %o', (looked) => {
  expect(left(looked, long)).toBe(true);
});

test.each([
  inspect('db', '{"Env":["POSTGRES_PASSWORD=postgres","PATH=/bin"]}'),
  inspect('db', '{"Cmd":["sh","-c","POSTGRES_PASSWORD=\\"postgres\\" run"]}'),
  inspect('db', 'run\0--set\0POSTGRES_PASSWORD=postgres\0HOME=/\0POSTGRES_PASSWORD=postgres\0'),
  file('DB_PASSWORD=postgres'),
  file('export DB_PASSWORD="postgres" # x\n'),
  file('    environment: { POSTGRES_PASSWORD: postgres }\n'),
  file('      - "POSTGRES_PASSWORD=postgres"\n'),
])('an everyday word is left beside a name that it had: %o', (looked) => {
  expect(left(looked, 'postgres')).toBe(true);
});

test.each([
  inspect('db', '{"Image":"postgres:16","Env":["POSTGRES_USER=postgres"],"Path":"postgres"}'),
  inspect('db', '{"Env":["POSTGRES_PASSWORD=postgres2","OLD_POSTGRES_PASSWORD=postgres"]}'),
  inspect('web', '{"Env":["POSTGRES_PASSWORD=postgres"]}'),
  file('image: postgres\nDB_USER=postgres\nDB_PASSWORD_FILE=/run/secrets/postgres\n'),
])('an everyday word that is there for another reason is none: %o', (looked) => {
  expect(left(looked, 'postgres')).toBe(false);
});

test('a value that another secret has too is looked for by name', () => {
  const twin = { ...secret, twins: ['web-password'] };
  expect(left(file(`WEB_PASSWORD=${long}`), long, twin)).toBe(false);
  expect(left(file(`DB_PASSWORD=${long}`), long, twin)).toBe(true);
});

test('of one that stays in part only the services that have moved are looked at, by name where it stays', () => {
  const staying = (what: string) => ({ ...secret, left: [{ what, place: 'x', why: 'y' }] });
  const shown = (name: string) => inspect('db', `["${name}=${long}"]`);
  expect(left(file(`DB_PASSWORD=${long}`), long, staying('web/DSN'))).toBe(false);
  expect(left(inspect('web', long), long, staying('web/DSN'))).toBe(false);
  expect(left(shown('DSN'), long, staying('web/DSN'))).toBe(true);
  // What a line of the environment file is made of it may come to any service.
  for (const what of ['db/DSN', 'DSN']) {
    expect(left(shown('DSN'), long, staying(what))).toBe(false);
    expect(left(shown('POSTGRES_PASSWORD'), long, staying(what))).toBe(true);
  }
});
