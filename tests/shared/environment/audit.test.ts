import { describe, expect, test } from 'vitest';
import { auditEnvironment, type EnvironmentAudit } from '../../../src/shared/environment/audit.ts';
import type { ComposeReference } from '../../../src/shared/environment/compose-references.ts';
import { parseDotenv } from '../../../src/shared/environment/dotenv.ts';
import type { DeclaredVariables } from '../../../src/shared/environment/variables.ts';

const declared: DeclaredVariables = {
  HOST: { description: 'The host', required: true },
  PORT: { description: 'The port', default: '80' },
  URL: { description: 'The URL', derive: `http://\${HOST}:\${PORT}` },
  DB_PASSWORD: { description: 'The password', secret: { length: 32 } },
};
const good = `HOST=h\nPORT=81\nURL=http://\${HOST}:\${PORT}\nDB_PASSWORD=Xk29vQz71mPd\n`;

const audit = (text: string, more: Partial<EnvironmentAudit> = {}) =>
  auditEnvironment({
    declared,
    fileName: '.env',
    file: parseDotenv(text),
    references: [],
    ...more,
  });

const brief = (text: string, more: Partial<EnvironmentAudit> = {}) =>
  audit(text, more).map(({ kind, variable, line, severity }) => [kind, variable, line, severity]);

const at = (place: string, name: string, need: ComposeReference['need']): ComposeReference => ({
  name,
  need,
  place,
});

test('finds nothing in a complete file', () => {
  expect(audit(good)).toEqual([]);
});

test('finds a required variable that is missing or empty', () => {
  expect(brief(good.replace('HOST=h\n', ''))).toContainEqual([
    'missing-required',
    'HOST',
    undefined,
    'error',
  ]);
  expect(brief(good.replace('HOST=h', 'HOST='))).toContainEqual([
    'missing-required',
    'HOST',
    1,
    'error',
  ]);
});

test('says where a compose file takes the required variable that is missing', () => {
  const whats = (need: ComposeReference['need']) =>
    audit(good.replace('HOST=h\n', ''), { references: [at('c.yaml:7', 'HOST', need)] })
      .filter(({ kind }) => kind === 'missing-required')
      .map(({ what }) => what);
  expect(whats('must')).toEqual(['HOST has no value: The host (c.yaml:7 requires it)']);
  expect(whats('plain')).toEqual(['HOST has no value: The host (c.yaml:7 takes it)']);
  expect(whats('optional')).toEqual(['HOST has no value: The host']);
});

test('finds a secret that is missing or empty', () => {
  expect(brief('HOST=h\n')).toEqual([['missing-secret', 'DB_PASSWORD', undefined, 'error']]);
  expect(brief('HOST=h\nDB_PASSWORD=\n')).toEqual([['missing-secret', 'DB_PASSWORD', 2, 'error']]);
});

test('finds an unknown variable and names the one that was meant', () => {
  const [finding] = audit(`${good}PROT=1\n`);
  expect(finding).toMatchObject({
    kind: 'unknown',
    variable: 'PROT',
    line: 5,
    severity: 'warning',
  });
  expect(finding?.fix).toContain('PORT');
});

test('knows a variable that only a compose file uses', () => {
  expect(audit(`${good}TAG=1\n`, { references: [at('c.yaml:4', 'TAG', 'plain')] })).toEqual([]);
});

test('finds what compose needs and nobody sets; more than a warning only where compose would stop', () => {
  const need = (kind: 'must' | 'plain' | 'optional') =>
    brief(good, { references: [at('c.yaml:4', 'TAG', kind)] });
  expect(need('must')).toEqual([['missing-required', 'TAG', undefined, 'error']]);
  expect(need('plain')).toEqual([['missing-required', 'TAG', undefined, 'warning']]);
  expect(need('optional')).toEqual([]);
});

test('says once where that is, at the place with the strictest need', () => {
  const references = [at('a.yaml:1', 'TAG', 'plain'), at('b.yaml:9', 'TAG', 'must')];
  expect(audit(good, { references }).map(({ what }) => what)).toEqual([
    'TAG is set nowhere, and b.yaml:9 requires it',
  ]);
});

test('tells a repeated variable from a contradiction', () => {
  expect(brief(`PORT=81\n${good}`)).toEqual([['duplicate', 'PORT', 1, 'warning']]);
  expect(brief(`PORT=82\n${good}`)).toEqual([['conflicting', 'PORT', 1, 'error']]);
  expect(audit(`PORT=81\n${good}`)[0]?.what).toBe(
    'PORT stands again on .env:3, with the same value',
  );
  expect(audit(`PORT=82\n${good}`)[0]?.what).toBe(
    'PORT has another value on .env:3, and docker compose takes that one',
  );
});

test('finds a reference to a variable that is nowhere, or only further down', () => {
  expect(brief(`${good}PORT=8$x\n`)).toContainEqual(['unexpanded', 'PORT', 5, 'error']);
  const [finding] = audit(`HOST=$PORT\n${good.replace('HOST=h\n', '')}`);
  expect(finding).toMatchObject({ kind: 'unexpanded', line: 1, fix: 'move PORT above line 1' });
});

test('accepts a reference with a default', () => {
  expect(audit(good.replace('PORT=81', `PORT=\${X:-81}`))).toEqual([]);
});

test('tells a derived variable that is out of date from one that was set by hand', () => {
  const withUrl = (url: string) => brief(good.replace(`http://\${HOST}:\${PORT}`, url));
  expect(withUrl(`https://\${HOST}`)).toEqual([['stale-derived', 'URL', 3, 'error']]);
  expect(withUrl('')).toEqual([['stale-derived', 'URL', 3, 'error']]);
  expect(withUrl('http://elsewhere')).toEqual([['conflicting', 'URL', 3, 'error']]);
  expect(withUrl('http://h:81')).toEqual([]);
});

describe('values that everybody knows', () => {
  const secret = (value: string) => brief(good.replace('Xk29vQz71mPd', value));
  test.each([
    'changeme',
    'ChangeMe!',
    'password1',
    'minioadmin',
    'postgres',
    '123456',
    'DB_PASSWORD',
    'db-password',
  ])('%s is an error for a declared secret', (value) => {
    expect(secret(value)).toEqual([['default-looking', 'DB_PASSWORD', 4, 'error']]);
  });
  test('are a warning under a name that sounds secret', () => {
    expect(
      brief(`${good}API_TOKEN=todo\n`, { references: [at('c.yaml:4', 'API_TOKEN', 'plain')] }),
    ).toEqual([['default-looking', 'API_TOKEN', 5, 'warning']]);
  });
  test('are no finding elsewhere', () => {
    expect(audit(good.replace('HOST=h', 'HOST=postgres'))).toEqual([]);
  });
  test('need not look alike: a real one passes', () => {
    expect(secret('changemeWhenYouCan83')).toEqual([]);
  });
});

test('compares secrets with the store', () => {
  const stored = (state: 'current' | 'older' | 'other') =>
    brief(good, { stored: new Map([['DB_PASSWORD', state]]) });
  expect(stored('current')).toEqual([]);
  expect(stored('older')).toEqual([['missing-secret', 'DB_PASSWORD', 4, 'error']]);
  expect(stored('other')).toEqual([['conflicting', 'DB_PASSWORD', 4, 'error']]);
});

test('reports a line that compose would refuse', () => {
  expect(brief(`${good}A B\n`)).toEqual([['unreadable', '', 5, 'error']]);
});

test('never shows a value', () => {
  const canary = 'canary9f3b1';
  const text = `HOST=${canary}\nHOST=x${canary}\nPORT=\${${canary}\nURL=${canary}\nDB_PASSWORD=${canary}\nNEW="${canary}`;
  const findings = audit(text, { stored: new Map([['DB_PASSWORD', 'other']]) });
  expect(findings.length).toBeGreaterThan(4);
  expect(JSON.stringify(findings)).not.toContain(canary);
});

test('does not stumble over names of object properties', () => {
  expect(brief(`${good}constructor=1\n`)).toEqual([['unknown', 'constructor', 5, 'warning']]);
});
