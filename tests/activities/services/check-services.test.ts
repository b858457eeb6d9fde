import { expect, test } from 'vitest';
import { serviceProblems } from '../../../src/activities/services/check-services.ts';
import { kinds } from '../../../src/activities/services/registry.ts';
import { RunbookError } from '../../../src/shared/errors.ts';
import { parsePlatformFile } from '../../../src/shared/read-platform.ts';

const header = `schema: runbook.platform/v1
name: lab
compose: { project: lab }
services:
`;

function problemsOf(services: string): string {
  try {
    parsePlatformFile(header + services, 'platform.yaml', serviceProblems);
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  return '';
}

test('a misspelled setting names the nearest one, with its line and column', () => {
  expect(problemsOf('  db: { kind: postgres, settings: { conatinerUser: postgres } }\n')).toBe(
    'platform.yaml:5:37 services.db.settings.conatinerUser: expected a known key (did you mean "containerUser"?), got "conatinerUser"',
  );
});

test.each(kinds.map(({ kind }) => kind))('%s knows which settings it takes', (kind) => {
  const port = kind === 'http' ? 'port: 80, ' : '';
  expect(problemsOf(`  x: { kind: ${kind}, settings: { ${port}zzzzz: 1 } }\n`)).toMatch(
    /^platform\.yaml:5:\d+ services\.x\.settings\.zzzzz: expected (one of the keys |no further keys).*, got "zzzzz"$/,
  );
});

test('a setting of the wrong kind is named at its value', () => {
  const at = (column: number, rest: string) =>
    `platform.yaml:5:${column} services.x.settings.${rest}`;
  const kind = (name: string, settings: string) =>
    problemsOf(`  x: { kind: ${name}, settings: { ${settings} } }\n`);
  expect(kind('http', 'port: web')).toBe(at(38, 'port: expected a number, got "web"'));
  expect(kind('http', 'port: 0')).toBe(at(38, 'port: expected at least 1, got 0'));
  expect(kind('etcd', 'port: 70000')).toBe(at(38, 'port: expected at most 65535, got 70000'));
  expect(kind('minio', 'path: live')).toBe(
    at(39, 'path: expected a path that starts with "/", got "live"'),
  );
  expect(kind('minio', 'scheme: htps')).toBe(
    at(41, 'scheme: expected one of "http", "https" (did you mean "https"?), got "htps"'),
  );
});

test('a port in quotes is a port', () => {
  expect(problemsOf('  x: { kind: http, settings: { port: "8080" } }\n')).toBe('');
});

test('a setting that a kind cannot do without is missed at the service', () => {
  expect(problemsOf('  web: { kind: http }\n')).toBe(
    'platform.yaml:5:3 services.web.settings.port: expected a number, got nothing',
  );
});

test('an unknown kind names the nearest one', () => {
  expect(problemsOf('  db: { kind: postgress, settings: { port: 1 } }\n')).toMatch(
    /^platform\.yaml:5:15 services\.db\.kind: expected one of "container", .* \(did you mean "postgres"\?\), got "postgress"$/,
  );
});

test('problems of several services come in one answer', () => {
  const lines = problemsOf('  a: { kind: htp }\n  b: { kind: one-shot, settings: { port: 1 } }\n');
  expect(lines.split('\n')).toHaveLength(2);
});
