import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RunbookError } from '../../src/shared/errors.ts';
import { limits } from '../../src/shared/limits.ts';
import { parseYamlFile } from '../../src/shared/yaml-file.ts';

const schema = z.strictObject({
  name: z.string(),
  ports: z.array(z.int().max(65_535)).default([]),
  nested: z.strictObject({ key: z.string(), other: z.string().optional() }).optional(),
  labels: z.record(z.string(), z.string()).default({}),
});

const read = (text: string) => parseYamlFile(text, 'f.yaml', schema);

function problemsOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RunbookError);
    expect(error).toMatchObject({ code: 'RB_FILE_INVALID', retry: 'never' });
    return (error as RunbookError).why?.split('\n') ?? [];
  }
  throw new Error('the file was accepted');
}

test('returns the value with its defaults', () => {
  expect(read('name: a')).toEqual({ name: 'a', ports: [], labels: {} });
});

test('reads anchors and aliases', () => {
  expect(read('name: &n a\nlabels: {x: *n}')).toMatchObject({ labels: { x: 'a' } });
});

test('lists every problem with its line and column', () => {
  expect(problemsOf('name: 5\nports:\n  - 80\n  - http\n')).toEqual([
    'f.yaml:1:7 name: expected text, got 5',
    'f.yaml:4:5 ports[1]: expected a number, got "http"',
  ]);
});

test('accepts a number at its limit and refuses one past it', () => {
  expect(read('name: a\nports: [65535]').ports).toEqual([65_535]);
  expect(problemsOf('name: a\nports: [65536]')).toEqual([
    'f.yaml:2:9 ports[0]: expected at most 65535, got 65536',
  ]);
});

test('points at an unknown key and names the one that was meant', () => {
  expect(problemsOf('name: a\nnested:\n  key: x\n  othr: y\n')).toEqual([
    'f.yaml:4:3 nested.othr: expected a known key (did you mean "other"?), got "othr"',
  ]);
});

test('lists the known keys when none is near', () => {
  expect(problemsOf('name: a\nnested:\n  key: x\n  zzzzzz: y\n')[0]).toContain(
    'expected one of the keys key, other',
  );
});

test('points at the object that a missing key is missing from', () => {
  expect(problemsOf('name: a\nnested:\n  other: y\n')).toEqual([
    'f.yaml:2:1 nested.key: expected text, got nothing',
  ]);
});

test('finds the place of a problem behind an alias', () => {
  expect(problemsOf('name: a\nlabels: {x: &v "1"}\nports: [*v]')).toEqual([
    'f.yaml:3:9 ports[0]: expected a number, got "1"',
  ]);
});

describe('refuses', () => {
  const cases: [string, string, string][] = [
    ['an empty file', '', '(top): expected an object, got nothing'],
    ['a list', '- a', '(top): expected an object, got a list'],
    ['broken syntax', 'name: "a', 'f.yaml:1:'],
    ['a key that is there twice', 'name: a\nname: b', 'f.yaml:2:1 '],
    ['two documents', 'name: a\n---\nname: b', 'expected one document, got several'],
    ['a merge key', 'name: a\nlabels:\n  <<: {x: y}', 'f.yaml:3:3 merge keys are not read'],
    ['a key of bytes', 'name: a\n!!binary aGk=: b', 'expected a plain word as a key, got bytes'],
    ['a key of several parts', '? [a, b]\n: c\nname: a', 'expected a plain word as a key'],
    [
      '__proto__',
      'name: a\nlabels: {__proto__: x}',
      'f.yaml:2:10 the key "__proto__" is not allowed',
    ],
    ['constructor', 'name: a\nconstructor: x', 'the key "constructor" is not allowed'],
    ['prototype', 'name: a\nlabels: {"prototype": x}', 'the key "prototype" is not allowed'],
    ['an unknown tag', 'name: !secret a', 'f.yaml:1:7 '],
    ['an unknown alias', 'name: *missing', 'unknown alias *missing'],
    ['an alias that contains itself', 'name: a\nlabels: &l {x: *l}', 'contains itself'],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
  });
});

test('accepts as many aliases as the limit says and refuses one more', () => {
  const withAliases = (count: number) =>
    `name: &a x\nlabels: {${Array.from({ length: count }, (_, index) => `k${index}: *a`).join(', ')}}`;
  expect(Object.keys(read(withAliases(limits.yamlAliases)).labels)).toHaveLength(
    limits.yamlAliases,
  );
  expect(problemsOf(withAliases(limits.yamlAliases + 1))[0]).toContain('at most 100 aliases');
});

test('refuses aliases of aliases that multiply, at once', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const of = level === 0 ? '"lol"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => of).join(', ')}]`;
  });
  const startedMs = performance.now();
  expect(problemsOf(levels.join('\n'))[0]).toContain('aliases');
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

test('shows what a terminal would obey, in one line', () => {
  const check = () => [{ path: ['name'], at: 'value', text: 'got \u001b[2J\nnext\u007f' } as const];
  expect(() => parseYamlFile('name: a', 'f.yaml', schema, check)).toThrow(
    expect.objectContaining({ why: String.raw`f.yaml:1:7 name: got \u001b[2J\u000anext\u007f` }),
  );
});

test.each([
  ['lists', `name: ${'['.repeat(100_000)}`],
  ['objects', `name: ${'{a: '.repeat(50_000)}`],
  ['lists of lines', `name:\n  ${'- '.repeat(100_000)}`],
  ['lists that end', `name: ${'['.repeat(100)}${']'.repeat(100)}`],
])('refuses %s that are nested without end, at once', (_, text) => {
  const startedMs = performance.now();
  expect(problemsOf(text)[0]).toMatch(/^f\.yaml:\d+:\d+ expected at most 50 levels of nesting/);
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

test('accepts as many entries as the limit says and refuses one more', () => {
  const withLabels = (count: number) =>
    `name: a\nlabels:\n${Array.from({ length: count }, (_, n) => `  k${n}: x\n`).join('')}`;
  // Besides these there are the two keys at the top.
  const most = limits.yamlEntries - 2;
  expect(Object.keys(read(withLabels(most)).labels)).toHaveLength(most);
  expect(problemsOf(withLabels(most + 1))).toEqual([
    `f.yaml:${most + 3}:3 expected at most ${limits.yamlEntries} keys and list items, got more`,
  ]);
});

test('looks at 40,000 keys of one object in no time', () => {
  const text = Array.from({ length: 40_000 }, (_, n) => `k${n}:`).join('\n');
  const startedMs = performance.now();
  expect(problemsOf(text)).toHaveLength(1);
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

test('accepts a file of the size limit and refuses one byte more', () => {
  const head = 'name: a\n#';
  const fill = 'x'.repeat(limits.fileBytes - head.length);
  expect(read(head + fill).name).toBe('a');
  expect(problemsOf(`${head}${fill}x`)).toEqual([
    `f.yaml:1:1 (top): expected at most ${limits.fileBytes} bytes, got ${limits.fileBytes + 1}`,
  ]);
});
