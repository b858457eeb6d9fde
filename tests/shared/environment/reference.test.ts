import { expect, test } from 'vitest';
import { everyComposeReference } from '../../../src/shared/environment/compose-references.ts';
import { envFileUses } from '../../../src/shared/environment/env-file-uses.ts';
import { environmentReference } from '../../../src/shared/environment/reference.ts';
import type { DeclaredVariables } from '../../../src/shared/environment/variables.ts';

const declared: DeclaredVariables = {
  HOST: { description: 'The host', required: true },
  KEYCLOAK_PORT: { description: 'The port', default: '80' },
  URL: { description: 'The URL', derive: `http://\${HOST}:\${KEYCLOAK_PORT}` },
  DB_PASSWORD: { description: 'The password', secret: { length: 32 } },
  API_KEY: { description: 'A key', default: 'canary9f3b1' },
  NOTE: { description: 'A note' },
};

const compose = `
services:
  a:
    image: "x:\${TAG} \${TAG:?which}"
    environment: { A: "\${HOST}", HANDED: , HOME: "$HOME" }
  b:
    command: "\${HOST:?where} \${ADMIN_TOKEN:-canary7c2} $KEYCLOAK_PORT"
`;
const reference = environmentReference(declared, everyComposeReference(compose, 'c.yaml'));
const of = (name: string) => reference.find((variable) => variable.name === name);

test('declared variables come first, then what only compose knows, without what a shell sets', () => {
  expect(reference.map(({ name, declared: isDeclared }) => [name, isDeclared])).toEqual([
    ...Object.keys(declared).map((name) => [name, true]),
    ['ADMIN_TOKEN', false],
    ['HANDED', false],
    ['TAG', false],
  ]);
});

test('says where a value comes from', () => {
  expect(reference.map(({ origin }) => origin)).toEqual([
    ...['required', 'default', 'derived', 'generated', 'default', 'optional'],
    ...['optional', 'optional', 'required'],
  ]);
  expect(of('KEYCLOAK_PORT')).toMatchObject({ default: '80', derives: ['URL'] });
  expect(of('URL')?.derive).toBe(`http://\${HOST}:\${KEYCLOAK_PORT}`);
});

test('names every place of use with its need, a line once', () => {
  expect(of('HOST')?.usedAt).toEqual([
    { place: 'c.yaml:5', need: 'plain' },
    { place: 'c.yaml:7', need: 'must' },
  ]);
  expect(of('TAG')?.usedAt).toEqual([{ place: 'c.yaml:4', need: 'must' }]);
  expect(of('NOTE')?.usedAt).toEqual([]);
});

test('tells secrets by declaration and by name, and shows no value of either', () => {
  const secret = (word: string) => reference.filter((v) => v.secret === word).map((v) => v.name);
  expect(secret('yes')).toEqual(['DB_PASSWORD']);
  expect(secret('maybe')).toEqual(['API_KEY', 'ADMIN_TOKEN']);
  expect(JSON.stringify(reference)).not.toMatch(/canary/);
});

test('finds every way of handing a whole file to a service', () => {
  const text = `
services:
  a: { env_file: .env }
  b:
    env_file:
      - .env
      - path: more.env
        required: false
      - 7
`;
  expect(envFileUses(text, 'c.yaml')).toEqual([
    { path: '.env', place: 'c.yaml:3' },
    { path: '.env', place: 'c.yaml:6' },
    { path: 'more.env', place: 'c.yaml:7' },
  ]);
  expect(envFileUses('services: [', 'c.yaml')).toEqual([]);
});
