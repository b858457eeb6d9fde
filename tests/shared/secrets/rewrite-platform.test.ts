import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rewritePlatform } from '../../../src/shared/secrets/rewrite-platform.ts';

const item = (name: string, deliver: Record<string, number> = { db: 999 }) => ({
  ...{ name, description: 'say "it"', deliver },
});
const expected = { description: 'say "it"', deliver: { db: 999 } };

test.each([
  ['no secrets', 'name: x\nenvironment:\n  file: .env\n# after\nservices: {}\n'],
  ['secrets without a value', 'name: x\nsecrets:\nservices: {}\n'],
  ['empty secrets', 'name: x\nsecrets: {}\nservices: {}\n'],
  ['secrets without items', 'name: x\nsecrets:\n  directory: s # own\nservices: {}\n'],
  ['empty items', 'name: x\nsecrets:\n  items: {}\n'],
  ['items in flow style', 'name: x\nsecrets: { items: { a: { description: d, deliver: {} } } }\n'],
  [
    'items',
    'name: x\nsecrets:\n  items:\n    # the first\n    a: { description: d, deliver: {} }\n',
  ],
  ['everything in flow style', '{ name: x, services: {} }'],
])('adds items to a file with %s, and leaves its other lines', (_, text) => {
  const after = rewritePlatform(text, [item('db-password'), item('token')], new Set());
  const before = parse(text);
  expect(parse(after)).toEqual({
    ...before,
    secrets: {
      ...before.secrets,
      items: { ...before.secrets?.items, 'db-password': expected, token: expected },
    },
  });
  const lines = after.split('\n');
  const untouched = text.split('\n').filter((line) => !/secrets|items|\{ name/.test(line));
  expect(untouched.filter((line) => !lines.includes(line))).toEqual([]);
});

test('gives an item that is there more readers', () => {
  const text =
    'secrets:\n  items:\n    pw:\n      description: old\n      deliver: { db: 1 } # who\n';
  expect(rewritePlatform(text, [item('pw', { db: 1, web: 2 })], new Set())).toBe(
    text.replace('db: 1 }', 'db: 1, web: 2 }'),
  );
});

test('takes away variables, all of them if need be', () => {
  const text =
    'environment:\n  variables:\n    # one\n    PW: { description: d }\n    A:\n      description: a\n';
  expect(rewritePlatform(text, [], new Set(['PW']))).toBe(
    'environment:\n  variables:\n    # one\n    A:\n      description: a\n',
  );
  expect(parse(rewritePlatform(text, [], new Set(['PW', 'A'])))).toEqual({
    environment: { variables: {} },
  });
});

describe('says what a secret opens and how its readers take it', () => {
  const opens = {
    ...{ service: 'db', type: 'role', account: { role: 'yes: no', database: 'app' } },
    route: 'db:5432',
  };
  const described = { ...item('pw', { db: 999 }), credential: opens };
  const deliver = { db: { uid: 999, takes: 'start' }, web: 1000 } as const;
  const wanted = { ...expected, deliver, credential: { ...opens, strategy: 'single' } };

  test.each([
    ['in block style', 'name: x\nsecrets:\n  items:\n    a: { description: d, deliver: {} }\n'],
    ['in flow style', 'name: x\nsecrets: { items: { a: { description: d, deliver: {} } } }\n'],
    ['in a file without secrets', 'name: x\nservices: {}\n'],
  ])('%s', (_, text) => {
    const after = rewritePlatform(text, [{ ...described, deliver }], new Set());
    expect(parse(after).secrets.items.pw).toEqual(wanted);
    expect(after.split('\n').slice(0, 1)).toEqual(text.split('\n').slice(0, 1));
  });

  test('a key a line, as people write it', () => {
    const text = 'secrets:\n  items:\n    a: { description: d, deliver: {} }\n';
    const account = { role: 'app', database: 'app' };
    const plain = { ...described, credential: { ...opens, account } };
    expect(rewritePlatform(text, [plain], new Set())).toBe(`${text}    pw:
      description: "say \\"it\\""
      deliver: { db: 999 }
      credential:
        service: db
        type: role
        account: { role: app, database: app }
        strategy: single
        route: db:5432
`);
  });

  test('and does not touch what a known item says', () => {
    const text = 'secrets:\n  items:\n    pw: { description: d, deliver: { db: 999 } }\n';
    expect(rewritePlatform(text, [described], new Set())).toBe(text);
    expect(rewritePlatform(text, [{ ...described, deliver }], new Set())).toContain('web: 1000');
  });
});
