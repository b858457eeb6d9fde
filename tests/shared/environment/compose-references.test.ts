import { expect, test } from 'vitest';
import {
  composeIncludes,
  composeReferences,
} from '../../../src/shared/environment/compose-references.ts';

test('finds every way of naming a variable, with the strictest need', () => {
  const text = `
services:
  a:
    image: "x:\${TAG:-latest}"
    command: ["$PLAIN", "\${BRACED}", "\${MUST:?say why}", "\${TAG}", "\${OUTER:-\${INNER}}"]
`;
  expect(composeReferences(text)).toEqual([
    { name: 'TAG', need: 'plain' },
    { name: 'PLAIN', need: 'plain' },
    { name: 'BRACED', need: 'plain' },
    { name: 'MUST', need: 'must' },
    { name: 'OUTER', need: 'optional' },
    { name: 'INNER', need: 'plain' },
  ]);
});

test('leaves out comments, keys and doubled dollars', () => {
  expect(composeReferences(`# \${A}\nservices: {"\${B}": {command: "echo $$C $\${D}"}}`)).toEqual(
    [],
  );
});

test('counts variables that are handed on without a value', () => {
  const text = 'services:\n  a: {environment: [A, B=1]}\n  b: {environment: {C: , D: x}}\n';
  expect(composeReferences(text).map(({ name }) => name)).toEqual(['A', 'C']);
});

test('follows includes and extends, as written', () => {
  const text = `
include: [a.yaml, {path: [b.yaml, c.yaml]}]
services:
  x: {extends: {file: common.yaml, service: y}}
  z: {extends: x}
`;
  expect(composeIncludes(text)).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'common.yaml']);
});

test('says nothing about a file that it cannot read', () => {
  expect(composeIncludes('services: [')).toEqual([]);
});
