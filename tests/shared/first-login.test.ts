import { expect, test } from 'vitest';
import { firstLogin } from '../../src/shared/first-login.ts';

test.each([
  [{ role: 'app', user: 'u', login: 'l' }, 'app'],
  [{ user: 'u', login: 'l' }, 'u'],
  [{ login: 'l', database: 'd' }, 'l'],
  [{ database: 'd' }, undefined],
])('the first login of the account %j is %s', (account, login) => {
  expect(firstLogin({ credential: { account } })).toBe(login);
});

test('a secret that opens nothing has no login', () => {
  expect(firstLogin({})).toBeUndefined();
});
