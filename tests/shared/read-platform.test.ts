import { expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';

const base = `schema: runbook.platform/v1
name: lab
compose: {project: lab}
services:
  postgres: {kind: patroni, members: [pg1, pg2]}
  minio: {kind: minio}
`;

const read = (rest = '') => parsePlatformFile(base + rest, 'platform.yaml');

function problemsOf(rest: string): string {
  try {
    read(rest);
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  throw new Error('the file was accepted');
}

const variables = (lines: string) => `environment:\n  variables:\n${lines}`;

test('fills in what a short file leaves out', () => {
  expect(read()).toMatchObject({
    compose: { files: ['compose.yaml'] },
    environment: { file: '.env', example: '.env.example' },
    secrets: { directory: '.secrets' },
  });
});

test('lists problems of schema and place together', () => {
  const problems = problemsOf('secrts: {}\nlogs: {allow: [{service: minio}]}\n');
  expect(problems).toContain(
    'platform.yaml:7:1 secrts: expected a known key (did you mean "secrets"?)',
  );
  expect(problems).toContain(
    'platform.yaml:8:16 logs.allow[0].pattern: expected text, got nothing',
  );
});

test('refuses a log line of a service that is not there, and names the near one', () => {
  const line = '{service: postgre, pattern: FATAL, reason: known, expires: 2027-01-01}';
  expect(problemsOf(`logs: {allow: [${line}]}\n`)).toBe(
    'platform.yaml:7:26 logs.allow[0].service: expected a service of this file (did you mean "postgres"?), got "postgre"',
  );
});

test('refuses a pattern that does not compile', () => {
  const line = '{service: minio, pattern: "(abc", reason: known, expires: 2027-01-01}';
  expect(problemsOf(`logs: {allow: [${line}]}\n`)).toContain(
    'logs.allow[0].pattern: expected a regular expression, got one that does not compile',
  );
});

test('refuses a member of two services', () => {
  expect(problemsOf('  other: {kind: http, members: [pg2]}\n')).toBe(
    'platform.yaml:7:33 services.other.members[0]: expected a member of one service, got "pg2", a member of postgres already',
  );
});

test('counts a service without members as its own member', () => {
  expect(problemsOf('  pg1: {kind: http}\n')).toContain(
    'services.pg1: expected a member of one service',
  );
});

test('refuses a secret for a consumer that is not there', () => {
  expect(problemsOf('secrets: {items: {root: {description: d, deliver: {mino: 1000}}}}\n')).toBe(
    'platform.yaml:7:52 secrets.items.root.deliver.mino: expected a member of a service in this file (did you mean "minio"?), got "mino"',
  );
});

test('refuses a variable with two origins', () => {
  expect(problemsOf(variables('    A: {description: d, default: x, required: true}\n'))).toContain(
    'platform.yaml:9:5 environment.variables.A: expected at most one of default, derive, secret, required, got default and required',
  );
});

test('refuses a template that refers to an unknown variable', () => {
  const problems = problemsOf(
    variables(
      `    HOST: {description: d, default: x}\n    URL: {description: d, derive: "http://\${HOTS}"}\n`,
    ),
  );
  expect(problems).toContain(
    'environment.variables.URL.derive: expected the names of variables of this file',
  );
  expect(problems).toContain(`(did you mean "HOST"?), got \${HOTS}`);
});

test('refuses a template that is not one', () => {
  expect(problemsOf(variables(`    A: {description: d, derive: "\${"}\n`))).toContain(
    'expected a template',
  );
});

test('refuses variables that are derived in a circle', () => {
  const lines = ['A: B', 'B: C', 'C: A'].map((pair) => {
    const [name, source] = pair.split(': ');
    return `    ${name}: {description: d, derive: "x\${${source}}"}\n`;
  });
  expect(problemsOf(variables(lines.join('')))).toContain(
    'expected no circle, got A -> B -> C -> A',
  );
});

test('accepts a chain of derived variables', () => {
  const chain = `    A: {description: d, default: x}\n    B: {description: d, derive: "\${A}"}\n    C: {description: d, derive: "\${B}"}\n`;
  expect(Object.keys(read(variables(chain)).environment.variables)).toEqual(['A', 'B', 'C']);
});

test('refuses one file for the environment and its example', () => {
  expect(problemsOf('environment: {file: .env, example: .env}\n')).toContain(
    'environment.example: expected another file',
  );
});

test('refuses to keep secrets in the folder of the platform file itself', () => {
  expect(problemsOf('secrets: {directory: ./.}\n')).toContain(
    'secrets.directory: expected a folder of its own',
  );
});

test('takes change windows: nights, and whole days without hours', () => {
  const open = '[{days: [mon, fri], from: 22:00, to: 06:00}, {days: [sun]}]';
  expect(read(`windows: {timezone: Europe/Berlin, open: ${open}}\n`).windows?.open).toEqual([
    { days: ['mon', 'fri'], from: '22:00', to: '06:00' },
    { days: ['sun'], from: '00:00', to: '24:00' },
  ]);
  expect(read().windows).toBeUndefined();
});

test.each([
  [
    '{timezone: Europe/Berln, open: [{days: [sun]}]}',
    '7:21 windows.timezone: expected a time zone such as "Europe/Berlin" (did you mean "Europe/Berlin"?), got "Europe/Berln"',
  ],
  ['{open: [{days: [sun]}]}', '7:1 windows.timezone: expected text, got nothing'],
  [
    '{timezone: UTC, open: [{days: [mo]}]}',
    '7:41 windows.open[0].days[0]: expected one of "mon", "tue", "wed", "thu", "fri", "sat", "sun" (did you mean "mon"?), got "mo"',
  ],
  [
    '{timezone: UTC, open: [{days: [sun], from: 6:00}]}',
    '7:53 windows.open[0].from: expected an hour such as "22:00", got "6:00"',
  ],
  [
    '{timezone: UTC, open: [{days: [sun], from: 24:00}]}',
    '7:53 windows.open[0].from: expected an hour such as "22:00", got "24:00"',
  ],
  [
    '{timezone: UTC, open: [{day: [sun]}]}',
    '7:34 windows.open[0].day: expected a known key (did you mean "days"?), got "day"',
  ],
  ['{timezone: UTC, open: []}', '7:26 windows.open: expected at least 1 items, got a list'],
  [
    '{timezone: UTC, open: [{days: [sun, mon, sun]}]}',
    '7:51 windows.open[0].days[2]: expected each day once, got "sun" again',
  ],
  [
    '{timezone: UTC, open: [{days: [sun], from: "06:00", to: "06:00"}]}',
    '7:66 windows.open[0].to: expected another hour than from (leave both out for whole days), got "06:00"',
  ],
])('refuses the windows %s', (text, problem) => {
  expect(problemsOf(`windows: ${text}\n`)).toContain(`platform.yaml:${problem}`);
});
