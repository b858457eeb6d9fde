import { expect, test } from 'vitest';
import {
  nextTurn,
  retireLogin,
} from '../../../../src/activities/services/common/postgresql/alternating.ts';
import { copySettings } from '../../../../src/activities/services/common/postgresql/role-settings.ts';
import type { Role } from '../../../../src/activities/services/common/postgresql/roles.ts';

test.for([
  [undefined, 'app'],
  ['app', 'app_a'],
  ['app_a', 'app_b'],
  ['app_b', 'app_a'],
] as const)('after %s it is the turn of %s', ([current, next]) => {
  expect(nextTurn('app', current)).toBe(next);
});

test('a role whose second name would be cut cannot alternate', () => {
  expect(nextTurn('x'.repeat(61), 'x'.repeat(61))).toBe(`${'x'.repeat(61)}_a`);
  expect(() => nextTurn('x'.repeat(62), 'x'.repeat(62))).toThrow(
    expect.objectContaining({ code: 'RB_ACCOUNT_INVALID' }),
  );
});

test('only what a second login made is handed over', () => {
  expect(retireLogin('app', 'app_a')).toContain('REASSIGN OWNED BY "app_a" TO "app";');
  expect(retireLogin('app', 'app')).not.toContain('REASSIGN');
});

const role = (...settings: Role['settings']): Role => ({
  name: 'app',
  canLogIn: true,
  stored: null,
  memberOf: [],
  settings,
  connectionLimit: -1,
  replicates: false,
  bypassesRowSecurity: false,
});

test('a login gets the settings of its role, in every database, after it lost its own', () => {
  const statements = copySettings(
    'app_a',
    role(
      { database: null, assignment: 'search_path="$user", "My Schema", Public' },
      { database: 'd', assignment: "app.note=it's = here" },
    ),
  );
  expect(statements).toEqual([
    'ALTER ROLE "app_a" RESET ALL;',
    'ALTER ROLE "app_a" IN DATABASE "d" RESET ALL;',
    `ALTER ROLE "app_a" SET role = E'app';`,
    `ALTER ROLE "app_a" SET "search_path" = E'$user', E'My Schema', E'public';`,
    `ALTER ROLE "app_a" IN DATABASE "d" SET "app"."note" = E'it''s = here';`,
  ]);
});

test('a setting cannot carry a statement with it', () => {
  const [, , statement] = copySettings(
    'app_a',
    role({ database: null, assignment: `search_path=a;drop/**/role/**/x,b'` }),
  );
  expect(statement).toBe(`ALTER ROLE "app_a" SET "search_path" = E'a;drop/**/role/**/x', E'b''';`);
});
