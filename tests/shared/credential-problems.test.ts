import { expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';

const header = `schema: runbook.platform/v1
name: lab
compose: {project: lab}
services:
  postgres: {kind: patroni, members: [pg1, pg2]}
  haproxy: {kind: haproxy}
secrets:
  items:
    app:
`;

/** The problems of a secret `app`, whose lines begin at 10:7. */
function problemsOf(...lines: string[]): string {
  const item = ['description: d', ...lines].map((line) => `      ${line}\n`).join('');
  try {
    parsePlatformFile(header + item, 'platform.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  return '';
}

const credential = (parts: string) =>
  `credential: {type: role, account: {role: app}, service: postgres${parts}}`;
const deliver = 'deliver: {haproxy: {uid: 1, takes: reread}, pg1: 5432}';

test('accepts a secret that opens an account', () => {
  expect(problemsOf(deliver, credential(', route: "haproxy:5432"'))).toBe('');
  expect(problemsOf(deliver, 'form: pair', credential(', strategy: alternating'))).toBe('');
  expect(problemsOf('deliver: {}', credential(', strategy: dual'))).toBe('');
});

test('names the nearest service to one that is not there', () => {
  expect(problemsOf(deliver, 'credential: {service: postgre, type: role}')).toBe(
    'platform.yaml:12:29 secrets.items.app.credential.service: expected a service of this file (did you mean "postgres"?), got "postgre"',
  );
});

test('wants members as consumers and on the route', () => {
  expect(problemsOf('deliver: {haprox: 1}')).toBe(
    'platform.yaml:11:17 secrets.items.app.deliver.haprox: expected a member of a service in this file (did you mean "haproxy"?), got "haprox"',
  );
  expect(problemsOf(deliver, credential(', route: "postgres:5432"'))).toMatch(
    /^platform\.yaml:12:\d+ secrets\.items\.app\.credential\.route: expected a member of a service in this file.*, got "postgres"$/,
  );
});

test.each(['0', '65536', '99999'])('wants a port on the route, not %s', (port) => {
  expect(problemsOf(deliver, credential(`, route: "haproxy:${port}"`))).toMatch(
    `credential.route: expected a port from 1 to 65535, got ${port}`,
  );
});

test.each(['dual', 'alternating'])('wants login and value together where %s', (strategy) => {
  expect(problemsOf(deliver, credential(`, strategy: ${strategy}`))).toMatch(
    /^platform\.yaml:9:5 secrets\.items\.app\.form: expected "pair", for each version .* has a login of its own, got "value"$/,
  );
});

test('wants to know the first login of a pair', () => {
  const expected =
    'form: expected the login of the first version in credential.account (role, user or login) beside "pair", got none';
  expect(problemsOf(deliver, 'form: pair')).toContain(expected);
  expect(
    problemsOf(deliver, 'form: pair', 'credential: {service: postgres, type: role}'),
  ).toContain(expected);
});

test('wants the uid of each consumer', () => {
  expect(problemsOf('deliver: {haproxy: {takes: reread}}')).toMatch(
    /^platform\.yaml:11:\d+ secrets\.items\.app\.deliver\.haproxy.*: expected .*, got /,
  );
});
