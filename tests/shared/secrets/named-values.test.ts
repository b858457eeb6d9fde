import { describe, expect, test } from 'vitest';
import {
  credentialsIn,
  credentialsInFile,
  credentialsInWords,
} from '../../../src/shared/secrets/named-values.ts';

const pairs = (found: readonly { name: string; value: string }[]) =>
  found.map(({ name, value }) => `${name}: ${value}`);

test('a value is a credential by its name, by its form, or by a URL in it', () => {
  expect(pairs(credentialsIn('DB_PASSWORD', 'hunter2'))).toEqual(['DB_PASSWORD: hunter2']);
  expect(pairs(credentialsIn('DSN', 'postgres://a:hunter2@db'))).toEqual(['DSN: hunter2']);
  expect(pairs(credentialsIn('BUILD', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'))).toEqual([]);
  expect(pairs(credentialsIn('LICENCE', 'kX92mQ04vLs81TzRp6Yw')).length).toBe(1);
  expect(pairs(credentialsIn('POSTGRES_USER', 'app'))).toEqual([]);
});

describe('the words of a command', () => {
  test.each([
    [['redis-server', '--requirepass', 'hunter2'], ['requirepass: hunter2']],
    [['app', '--db-password=hunter2', '--port=80'], ['db-password: hunter2']],
    [['sh', '-c', 'PGPASSWORD=hunter2 psql -U app'], ['PGPASSWORD: hunter2']],
    [['app', '--dsn', 'postgres://a:hunter2@db'], ['argument: hunter2']],
    [['java', '-Dapp.password=hunter2', '-jar', 'app.jar'], ['app.password: hunter2']],
    [['app', '--password-file', '/run/secrets/x', '--token', '--verbose'], []],
    [['sh', '-c', 'psql --password "$PGPASSWORD"'], []],
    [['haproxy', '-q', '-db', '-f', '/etc/haproxy/haproxy.cfg'], []],
  ])('%j', (words, expected) => {
    expect(pairs(credentialsInWords(words))).toEqual(expected);
  });
});

describe('a file', () => {
  test('of settings gives its credentials with their lines', () => {
    const text = [
      '# db.password = old',
      'db.url = jdbc:postgresql://db/app',
      'db.password = hunter2',
      'superuser: { username: postgres, password: "hunter3" }',
      'password_file: /run/secrets/x',
      'remote: https://u:hunter4@host',
    ].join('\n');
    expect(
      credentialsInFile('app.properties', text).map(({ value, line }) => `${line}: ${value}`),
    ).toEqual(['3: hunter2', '4: hunter3', '6: hunter4']);
  });

  test('with a private key, or called like a secret, is one as a whole', () => {
    const key = 'junk\n-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n';
    expect(credentialsInFile('tls/web.pem', key)).toMatchObject([{ name: 'web.pem', line: 2 }]);
    expect(credentialsInFile('db_password.txt', 'hunter2\n')).toMatchObject([{ value: 'hunter2' }]);
    expect(credentialsInFile('tls/ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n')).toEqual([]);
  });
});

test.each(['a', ' ', 'a://', '"', "k='", 'k: ', '${', '--password '])(
  'a long text of %j is read in no time',
  (piece) => {
    const text = piece.repeat(200_000 / piece.length);
    const startedAt = performance.now();
    credentialsInFile('a.conf', text);
    credentialsInWords([text]);
    credentialsIn('X', text);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  },
);
