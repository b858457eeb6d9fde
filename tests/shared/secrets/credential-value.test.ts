import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isCredentialValue,
  looksGenerated,
  urlPasswords,
} from '../../../src/shared/secrets/credential-value.ts';

test.each(['hunter2', 'pw', '123456', 'a b c', 'x/y', 'not-so-secret', 'postgres://u:p@h/db'])(
  'what is called a password and says %j is one',
  (value) => {
    expect(isCredentialValue(value)).toBe(true);
  },
);

test.each([
  '',
  'x',
  'true',
  'OFF',
  'none',
  '30',
  '15m',
  '64KiB',
  '/run/secrets/db',
  './secrets/db.txt',
  '~/.pgpass',
  'https://login.example.com/token',
  ['$', '{DB_PASSWORD}'].join(''),
  '$DB_PASSWORD',
  '<your password>',
  '{{ vault.password }}',
])('what is called a password and says %j is none', (value) => {
  expect(isCredentialValue(value)).toBe(false);
});

test.each([
  ['postgres://app:hunter2@db:5432/app', ['hunter2']],
  ['amqp://app:p%40ss@mq', ['p@ss']],
  ['redis://:hunter2@cache', ['hunter2']],
  ['jdbc:postgresql://db/app?user=app&password=hunter2&ssl=on', ['hunter2']],
  ['http://proxy:8080', []],
  ['postgres://app:$DB_PASSWORD@db', []],
  ['http://db/a?page=2', []],
  ['s3://bucket/a@b', []],
  ['git@host:repo.git', []],
])('the URL %s gives away %j', (url, passwords) => {
  expect(urlPasswords(url)).toEqual(passwords);
});

test.each([
  '/usr/lib/jvm/java-21-openjdk-amd64/bin/java',
  'etcd1=http://etcd1:2380,etcd2=http://etcd2:2380',
  '-Xms96m -XX:MaxMetaspaceSize=192m',
  'AVeryLongCamelCaseNameOfAJavaClass',
  'my-long-service-name-for-production-01',
  'org.apache.kafka.common.serialization.StringSerializer',
  '550e8400-e29b-41d4-a716-446655440000',
  '12345678901234567890123456789012',
  'scram-sha-256',
  'warehouse',
  '2027-06-30T12:00:00Z',
  'runbook-lab/keycloak:26.7.3',
])('%s does not look generated', (value) => {
  expect(looksGenerated(value)).toBe(false);
});

test('what a generator makes looks generated', () => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
  const secret = fc
    .array(fc.constantFrom(...alphabet), { minLength: 40, maxLength: 40 })
    .map((characters) => characters.join(''));
  const missed = fc.sample(secret, { numRuns: 500, seed: 7 }).filter((one) => !looksGenerated(one));
  // Fewer than one in a hundred has hardly a digit.
  expect(missed.length).toBeLessThanOrEqual(5);
  expect(looksGenerated('ghp_0123456789abcdefghijABCDEFGHIJ012345')).toBe(true);
  expect(looksGenerated('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b')).toBe(true);
});
