import fc from 'fast-check';
import { stringify } from 'yaml';
import { awkwardText } from './awkward.ts';
import { mutated } from './mutated.ts';

/** Every level doubles what it means: small to read, without an end to write out. */
const bomb = (levels: number) =>
  Array.from({ length: levels }, (_, n) =>
    n === 0 ? 'a0: &a0 [x, x]' : `a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`,
  ).join('\n');

const manyKeys = (count: number) =>
  Array.from({ length: count }, (_, n) => `k${n}: ${n}`).join('\n');

const nestings = (depth: number) => ['[', '{a: ', '- ', '? '].map((one) => one.repeat(depth));

/** Pieces of text that mean something to a YAML reader. */
const pieces = [
  ...[
    '\t',
    '\0',
    '\ufeff',
    '\r',
    '\n',
    '- ',
    '? ',
    ': ',
    ', ',
    '&a ',
    '*a',
    '*b',
    '#',
    '|\n',
    '>-\n',
  ],
  ...[
    '!!binary x',
    '!!js/function x',
    '!x ',
    '!!map ',
    '<<: *a\n',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...['{', '}', '[', ']', '"', "'", '"\\x1b"', '\u2028', '\ud800', '  ', '? [a]\n: b\n', '@', '`'],
  ...nestings(10),
  ...[bomb(3), bomb(9), bomb(40), manyKeys(300), `a: &a [*a]\n`],
];

/** Rare, because each takes the reader as long as a hundred others. */
const huge = [...nestings(500), ...nestings(20_000), manyKeys(20_000), 'x'.repeat(300_000)];

interface TextEdit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const textEdit: fc.Arbitrary<TextEdit> = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constant(0), fc.nat(30), fc.nat(3000)),
  put: fc.oneof(
    { weight: 10, arbitrary: fc.constant('') },
    { weight: 10, arbitrary: fc.constantFrom(...pieces) },
    { weight: 10, arbitrary: awkwardText },
    fc.constantFrom(...huge),
  ),
});

function edited(text: string, { at, cut, put }: TextEdit): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + cut);
}

/** The text of valid files, changed in what they say and in how it is written. */
export const yamlText = (
  trees: readonly unknown[],
  texts: readonly string[],
): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(mutated(trees).map(written), fc.constantFrom(...texts)),
      fc.oneof(fc.constant<TextEdit[]>([]), fc.array(textEdit, { minLength: 1, maxLength: 3 })),
    )
    .map(([text, edits]) => edits.reduce(edited, text));

/** What the writer cannot write is no case for the reader. */
function written(tree: unknown): string {
  try {
    return stringify(tree) ?? '';
  } catch {
    return '';
  }
}
