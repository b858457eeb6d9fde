import fc from 'fast-check';

/** Texts that have broken somebody's reader before. */
const words = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length'],
  ...['../../etc/passwd', '..', '.', '/etc/passwd', 'a/../../b', 'C:\\x', '%2e%2e/', 'a//b'],
  ...[
    '\0',
    'a\0b',
    '\u001b[31m',
    '\u202e',
    '\ufeff',
    '\u2028',
    '\ud800',
    '😀',
    'é',
    'ﬀ',
    'İ',
    '\u0085',
  ],
  ...['-rf', '--help', '$(id)', '`id`', '; reboot', '|', '&&', '*', '~', '!', '#', '%s', "'", '"'],
  ...[`\${A}`, `\${`, `\${A:?}`, `\${A:-\${B}}`, '$$', '$1', '$&', '{{.Name}}', '<<', '*a', '&a'],
  ...[
    '',
    ' ',
    '\n',
    '\r\n',
    '\t',
    'null',
    'true',
    'yes',
    'no',
    'on',
    '0x1f',
    '1e999',
    '-0',
    '.inf',
  ],
  ...['2026-13-45', '24:00', '99999999h', '0ms', '1d', 'Europe/Nowhere', '60 25 32 13 8', '@daily'],
  ...[
    'deploy',
    'mini',
    'web',
    'db',
    'undo',
    'retry',
    'a+',
    '(',
    '[a-',
    'x'.repeat(600),
    'é'.repeat(64),
  ],
];

export const awkwardText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.nat(6000).map((length) => 'w'.repeat(length)),
);

const awkwardNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 65_534, 65_535, 2 ** 31, 2 ** 53, 1e308, 5e-324),
  fc.constantFrom(Number.NaN, Infinity, -Infinity),
  fc.integer(),
  fc.double(),
);

function nest(depth: number, kind: 'list' | 'object'): unknown {
  let value: unknown = 'innermost';
  for (let level = 0; level < depth; level += 1) value = kind === 'list' ? [value] : { a: value };
  return value;
}

/** Any value that JSON or YAML can carry, and some that only memory can. */
export const awkwardValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: awkwardText },
  { weight: 2, arbitrary: awkwardNumber },
  fc.constantFrom<unknown>(true, false, null, undefined, {}, []),
  fc.array(fc.oneof(awkwardText, awkwardNumber), { maxLength: 8 }),
  fc
    .array(fc.tuple(awkwardText, fc.oneof(awkwardText, awkwardNumber)), { maxLength: 6 })
    .map(record),
  fc
    .tuple(fc.nat(2000), fc.constantFrom('list' as const, 'object' as const))
    .map(([depth, kind]) => nest(depth, kind)),
);

/** An object of these entries; `__proto__` becomes a key like any other, as it does in JSON. */
export function record(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, value] of entries) put(object, key, value);
  return object;
}

export function put(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
