import { expect, test } from 'vitest';
import { z } from 'zod';
import { credentialKindProblems } from '../../../src/activities/services/check-credentials.ts';
import type { AccountType } from '../../../src/activities/services/credentials.ts';
import { RunbookError } from '../../../src/shared/errors.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';

const unused = () => Promise.reject(new Error('only the file is checked'));

const role: AccountType = {
  title: 'role',
  account: z.strictObject({ role: z.string(), database: z.string().optional() }),
  strategies: ['alternating', 'single'],
  nextLogin: () => 'app',
  holds: unused,
  set: unused,
  prove: unused,
  retire: unused,
};

const header = `schema: runbook.platform/v1
name: lab
compose: {project: lab}
services: {db: {kind: postgres}, queue: {kind: kafka}}
secrets:
  items:
    app:
      description: d
      deliver: {}
`;

function problemsOf(credential: string): string {
  try {
    parsePlatformFile(`${header}      credential: {${credential}}\n`, 'platform.yaml', (platform) =>
      credentialKindProblems(platform, [
        { kind: 'postgres', credentials: { types: { role } } },
        { kind: 'kafka' },
      ]),
    );
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  return '';
}

test('accepts what the type of account takes', () => {
  expect(problemsOf('service: db, type: role, account: {role: app}')).toBe('');
});

test('names the nearest type of account', () => {
  expect(problemsOf('service: db, type: rol, account: {role: app}')).toBe(
    'platform.yaml:10:39 secrets.items.app.credential.type: expected "role" (did you mean "role"?), got "rol"',
  );
  expect(problemsOf('service: db, type: constructor')).toContain('expected "role", got');
});

test('checks the account by its type', () => {
  const problems = problemsOf('service: db, type: role, account: {databse: x}');
  expect(problems).toContain('credential.account.role: expected text, got nothing');
  expect(problems).toContain(
    'platform.yaml:10:55 secrets.items.app.credential.account.databse: expected a known key (did you mean "database"?), got "databse"',
  );
});

test('wants a strategy that the type offers', () => {
  expect(problemsOf('service: db, type: role, account: {role: app}, strategy: dual')).toMatch(
    /^platform\.yaml:10:\d+ secrets\.items\.app\.credential\.strategy: expected one of "alternating", "single", got "dual"$/,
  );
});

test.each(['service: queue, type: user', 'service: gone, type: user'])(
  'has nothing to say of %s, which no kind covers',
  (credential) => {
    expect(problemsOf(credential)).not.toContain('credential.type');
  },
);
