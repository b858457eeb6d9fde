import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDotenv, quoteTemplate, quoteValue } from '../../../src/shared/environment/dotenv.ts';

const values = (text: string) =>
  Object.fromEntries(parseDotenv(text).entries.map(({ name, value }) => [name, value]));

const join = (text: string) =>
  parseDotenv(text)
    .segments.map((segment) => segment.text)
    .join('');

// Each expectation was read from docker compose's own parser (compose-go v2.9.1).
describe('reads as docker compose does', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['a plain value', 'A=b', { A: 'b' }],
    ['space around the sign and at the end', 'A = b  \r\n', { A: 'b' }],
    ['a colon for the sign', 'A: b', { A: 'b' }],
    ['export before the name', 'export A=b\n\texport B=c', { A: 'b', B: 'c' }],
    ['a name that starts with export', 'exported=b', { exported: 'b' }],
    ['comments of whole lines', '# x\n  # y\nA=b', { A: 'b' }],
    ['a comment after a value', 'A=b # c', { A: 'b' }],
    ['a # within a value', 'A=b#c', { A: 'b#c' }],
    ['a # at the start of a value', 'A= #c', { A: '#c' }],
    ['single quotes literally', `A='b # \${X} \\n'`, { A: `b # \${X} \\n` }],
    ['a hidden single quote', "A='it\\'s'", { A: "it's" }],
    ['double quotes with escapes', 'A="x\\ty\\n\\"z\\" \\\\"', { A: 'x\ty\n"z" \\' }],
    ['an octal escape', 'A="\\0101"', { A: 'A' }],
    ['an unknown escape as it is', 'A="\\q"', { A: '\\q' }],
    ['several lines in quotes', 'A="b\nc"\nD=e', { A: 'b\nc', D: 'e' }],
    ['a comment after quotes', 'A="b" # c\nD=e', { A: 'b', D: 'e' }],
    ['references to lines above', `A=b\nC=$A-\${A}`, { A: 'b', C: 'b-b' }],
    ['references in double quotes only', 'A=b\nC="$A"\nD=\'$A\'', { A: 'b', C: 'b', D: '$A' }],
    ['no references to lines below', `C=\${A}\nA=b`, { C: '', A: 'b' }],
    ['two dollars as one', 'A=a$$b', { A: 'a$b' }],
    ['a hidden dollar', 'A="\\$X"', { A: '$X' }],
    ['a dollar before a digit', 'A=cost $5', { A: 'cost $5' }],
    ['a default for an unset name', `A=\${X:-y}-\${X-z}`, { A: 'y-z' }],
    ['the two kinds of default for an empty one', `X=\nA=\${X:-y}-\${X-z}`, { X: '', A: 'y-' }],
    ['a default in a default', `A=\${X:-\${Y:-z}}`, { A: 'z' }],
    ['an alternative for a set name', `X=1\nA=\${X:+y}\${Z+n}`, { X: '1', A: 'y' }],
    ['the last of several', 'A=1\nA=2', { A: '2' }],
    ['a byte order mark', '\ufeffA=b', { A: 'b' }],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(parseDotenv(text).problems).toEqual([]);
    expect(values(text)).toEqual(expected);
    expect(join(text)).toBe(text);
  });
});

test('knows the line of each assignment, also after a value of several lines', () => {
  const { entries } = parseDotenv('\n# c\nA="1\n2"\n\nB=3');
  expect(entries.map(({ name, line }) => [name, line])).toEqual([
    ['A', 3],
    ['B', 6],
  ]);
});

test('gives a name without a value no value', () => {
  expect(values('A\nB=1')).toEqual({ A: undefined, B: '1' });
});

test.each([
  ['A="b\nC=d', 'a quote is opened and not closed'],
  ['A B=c', 'this is not NAME=value'],
  ['A$=c', 'this is not NAME=value'],
  [`A=\${`, 'start no valid reference'],
  [`A=\${X:?}`, 'X must be set'],
  [`A=${'${A:-'.repeat(21)}${'}'.repeat(21)}`, 'start no valid reference'],
])('names what compose would refuse and reads on: %j', (line, what) => {
  const { problems, entries } = parseDotenv(`FIRST=1\n${line}\nLAST=2`);
  expect(problems).toEqual([{ line: 2, what: expect.stringContaining(what) }]);
  expect(entries.map(({ name }) => name)).toContain('LAST');
});

test('reads hostile text in linear time', () => {
  const size = 200_000;
  const startedMs = performance.now();
  for (const piece of [' ', `\${`, '"', '\\', '# ', '=', '$', 'a ', `\${A:-`]) {
    parseDotenv(`A=x${piece.repeat(size / piece.length)}x`);
    parseDotenv(`A="x${piece.repeat(size / piece.length)}x`);
  }
  expect(performance.now() - startedMs).toBeLessThan(3000);
});

const pieces = [
  'A',
  'B=',
  '=',
  '\n',
  ' ',
  '#',
  ' # ',
  '"',
  "'",
  '\\',
  '$',
  `\${A}`,
  `\${`,
  '}',
  ':-',
  'é',
  '\r\n',
];
const likely = fc
  .array(fc.constantFrom(...pieces), { maxLength: 30 })
  .map((parts) => parts.join(''));

test('never throws and never loses a character', () => {
  fc.assert(
    fc.property(fc.oneof(likely, fc.string({ unit: 'binary' })), (text) => {
      expect(join(text)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('reads back every value that it has quoted, between other lines', () => {
  const value = fc.oneof(likely, fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(value, (text) => {
      expect(values(`X=1\nA=${quoteValue(text)}\nB=2`)).toEqual({ X: '1', A: text, B: '2' });
    }),
    { numRuns: 2000 },
  );
});

test('quotes no more than it must', () => {
  expect(['abc', 'a b', "it's", '$x', ''].map(quoteValue)).toEqual([
    'abc',
    "'a b'",
    `"it's"`,
    "'$x'",
    '',
  ]);
});

test('keeps the references of a template alive', () => {
  expect(values(`X=1\nA=${quoteTemplate(`a "\${X}" # b`)}`)).toMatchObject({ A: 'a "1" # b' });
  expect(quoteTemplate(`s3://\${B}/`)).toBe(`s3://\${B}/`);
});
