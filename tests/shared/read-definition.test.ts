import { expect, test } from 'vitest';
import { RunbookError } from '../../src/shared/errors.ts';
import { parseDefinitionFile } from '../../src/shared/read-definition.ts';

const base =
  'schema: runbook.definition/v1\nname: deploy\ntitle: t\ndescription: d\nrisk: reversible\n';

const read = (rest = '') => parseDefinitionFile(base + rest, 'deploy.yaml');

function problemsOf(rest: string): string {
  try {
    read(rest);
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    return (error as RunbookError).why ?? '';
  }
  throw new Error('the file was accepted');
}

test('fills in what a short file leaves out', () => {
  expect(read()).toMatchObject({ onFailure: 'park', onCancel: 'undo', params: {}, steps: [] });
});

test('names the choices of a parameter type', () => {
  expect(problemsOf('params: {a: {type: strin, description: d}}\n')).toContain(
    'params.a.type: expected one of "string", "integer", "boolean", "duration"',
  );
});

test.each([
  [
    'integer, description: d, min: 1, max: 3, default: 4',
    'params.a.default: expected a whole number from 1 to 3, got 4',
  ],
  ['integer, description: d, min: 4, max: 3', 'params.a.min: expected at most max (3), got 4'],
  ['string, description: d, pattern: "("', 'params.a.pattern: expected a regular expression'],
  [
    'string, description: d, pattern: "[a-z]+", default: A',
    'params.a.default: expected text like /[a-z]+/, got "A"',
  ],
  [
    'string, description: d, oneOf: [x, y], default: z',
    'params.a.default: expected one of "x", "y"',
  ],
  [
    'boolean, description: d, excludes: b',
    'params.a.excludes: expected a parameter that lists names, got "b"',
  ],
  [
    'duration, description: d, default: soon',
    'params.a.default: expected a duration such as "30s"',
  ],
])('refuses a parameter that contradicts itself: %s', (param, expected) => {
  expect(problemsOf(`params: {a: {type: ${param}}}\n`)).toContain(expected);
});

test('accepts a default at its limit', () => {
  expect(
    read('params: {a: {type: integer, description: d, min: 1, max: 3, default: 3}}\n').params,
  ).toHaveProperty('a');
});

test('refuses two steps of one id', () => {
  expect(problemsOf('steps: [{id: a, title: x}, {id: a, title: y}]\n')).toContain(
    'steps[1].id: expected an id of its own, got "a" again',
  );
});
