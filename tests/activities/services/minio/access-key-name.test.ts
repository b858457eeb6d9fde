import { expect, test } from 'vitest';
import { accessKeyName } from '../../../../src/activities/services/minio/access-key-name.ts';

test('is the user and the version where both are short and plain', () => {
  expect(accessKeyName('canary', 'v2')).toBe('canaryv2');
  expect(accessKeyName('abcdefghijklmnopqr', 'v2')).toBe('abcdefghijklmnopqrv2');
});

test('keeps 20 letters and digits at most, the version among them', () => {
  for (const user of ['abcdefghijklmnopqrs', 'app.one@corp', '...', 'x'.repeat(128)]) {
    for (const version of ['v2', 'v999999999']) {
      expect(accessKeyName(user, version)).toMatch(/^[A-Za-z0-9]{3,20}$/);
      expect(accessKeyName(user, version).endsWith(version)).toBe(true);
    }
  }
});

test('is the same each time, and another for another user', () => {
  expect(accessKeyName('app.one', 'v3')).toBe(accessKeyName('app.one', 'v3'));
  const users = [
    'app.one',
    'app-one',
    'appone',
    'app.onev3',
    `${'x'.repeat(30)}a`,
    `${'x'.repeat(30)}b`,
  ];
  expect(new Set(users.map((user) => accessKeyName(user, 'v3'))).size).toBe(users.length);
});
