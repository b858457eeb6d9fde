import { expect, test } from 'vitest';
import { databaseArgument } from '../../../../src/activities/services/common/postgresql/local-command.ts';
import {
  literal,
  quoted,
  RoleName,
} from '../../../../src/activities/services/common/postgresql/names.ts';

test('what ends a name or a text in SQL is doubled', () => {
  expect(quoted('we"ird; DROP ROLE x; --')).toBe('"we""ird; DROP ROLE x; --"');
  expect(literal(String.raw`it's \ here`)).toBe(String.raw`E'it''s \\ here'`);
});

test('the name of a database is never a connection string', () => {
  expect(databaseArgument(String.raw`host=other 'x\y`)).toBe(
    String.raw`dbname='host=other \'x\\y'`,
  );
});

test('63 bytes are a name, 64 would be cut by the server', () => {
  expect(RoleName.safeParse('x'.repeat(63)).success).toBe(true);
  expect(RoleName.safeParse('x'.repeat(64)).success).toBe(false);
  expect(RoleName.safeParse('ä'.repeat(31)).success).toBe(true);
  expect(RoleName.safeParse('ä'.repeat(32)).success).toBe(false);
});

test.for(['', 'two\nlines', 'nul\u0000', 'half \ud800'])('%j is no name', (name) => {
  expect(RoleName.safeParse(name).success).toBe(false);
});
