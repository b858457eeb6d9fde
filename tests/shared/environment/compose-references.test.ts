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
  expect(composeReferences(text, 'c.yaml').map(({ name, need }) => [name, need])).toEqual([
    ['TAG', 'plain'],
    ['PLAIN', 'plain'],
    ['BRACED', 'plain'],
    ['MUST', 'must'],
    ['OUTER', 'optional'],
    ['INNER', 'plain'],
  ]);
});

test('knows the file and the line of the strictest need, also within a text of several lines', () => {
  const text = `
services:
  a:
    image: "x:\${TAG}"
    command: >-
      run
      --origin=\${ORIGIN:?where from}
  b: {image: "\${TAG?}", environment: [HANDED]}
`;
  expect(composeReferences(text, 'c.yaml').map(({ name, place }) => [name, place])).toEqual([
    ['TAG', 'c.yaml:8'],
    ['ORIGIN', 'c.yaml:7'],
    ['HANDED', 'c.yaml:8'],
  ]);
});

test('leaves out comments, keys and doubled dollars', () => {
  const text = `# \${A}\nservices: {"\${B}": {command: "echo $$C $\${D}"}}`;
  expect(composeReferences(text, 'c.yaml')).toEqual([]);
});

test('counts variables that are handed on without a value', () => {
  const text = 'services:\n  a: {environment: [A, B=1]}\n  b: {environment: {C: , D: x}}\n';
  expect(composeReferences(text, 'c.yaml').map(({ name }) => name)).toEqual(['A', 'C']);
});

test('counts what a build and the secrets of Compose take by name', () => {
  const text =
    'services:\n  a: {build: {args: [A, B=1]}}\nsecrets: {s: {environment: C}, f: {file: D}}\n';
  expect(composeReferences(text, 'c.yaml').map(({ name }) => name)).toEqual(['A', 'C']);
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

test('leaves a file that is too large or has keys of several parts to Compose, at once', () => {
  const startedMs = performance.now();
  for (const text of [`a: \${A}\n${'? '.repeat(5000)}`, `a: \${A}\n#${'x'.repeat(300_000)}`]) {
    expect(composeReferences(text, 'c.yaml')).toEqual([]);
    expect(composeIncludes(text)).toEqual([]);
  }
  expect(performance.now() - startedMs).toBeLessThan(5000);
});
