import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditEnvironment } from '../../../src/shared/environment/audit.ts';
import { parseDotenv } from '../../../src/shared/environment/dotenv.ts';
import { renderEnvironmentExample } from '../../../src/shared/environment/example.ts';
import { planEnvironment } from '../../../src/shared/environment/plan.ts';
import type { DeclaredVariables } from '../../../src/shared/environment/variables.ts';

const variables: DeclaredVariables = {
  URL: { description: 'Where it is', derive: `http://h:\${PORT}` },
  PORT: { description: 'The port', default: '80' },
  ROOT_PASSWORD: { description: 'The password', secret: { length: 32 } },
  HOST: { description: 'The host', required: true },
  EXTRA: { description: 'Anything' },
};

const plan = (text: string, declared = variables, outdated = new Set<string>()) =>
  planEnvironment({
    platform: {
      name: 'lab',
      environment: { file: '.env', example: '.env.example', variables: declared },
    },
    file: parseDotenv(text),
    outdated,
  });

const written = (text: string, declared = variables) =>
  plan(text, declared).render(() => 's3cretValue');

test('writes a whole file where there is none, sources before what is derived from them', () => {
  expect(written('')).toBe(`# Environment of the platform lab. A value changed here is kept.

# The port
PORT=80

# Where it is
URL=http://h:\${PORT}

# The password
ROOT_PASSWORD=s3cretValue
`);
});

test('keeps lines, order, comments and quotes, and adds at the end', () => {
  const text = `# mine\nexport PORT='8 1' # why\n\nHOST = "h" # note`;
  const result = written(text);
  expect(result.startsWith(`${text}\n\n# Where it is\n`)).toBe(true);
  expect(parseDotenv(result).entries.map(({ name }) => name)).toEqual([
    'PORT',
    'HOST',
    'URL',
    'ROOT_PASSWORD',
  ]);
});

test('leaves a complete file as it is', () => {
  const complete = written('');
  const again = plan(complete);
  expect(again).toMatchObject({ added: [], changed: [], secrets: [] });
  expect(again.render(() => 'other')).toBe(complete);
});

test('fills an empty secret in its place and keeps the comment after it', () => {
  const result = plan(`ROOT_PASSWORD="" # ours\nPORT=1\nURL=http://h:\${PORT}\n`);
  expect(result).toMatchObject({
    added: [],
    changed: ['ROOT_PASSWORD'],
    secrets: ['ROOT_PASSWORD'],
  });
  expect(result.render(() => 'v')).toBe(`ROOT_PASSWORD=v # ours\nPORT=1\nURL=http://h:\${PORT}\n`);
});

test('fills every line of a secret that stands twice and empty, and no line that has a value', () => {
  const rest = `PORT=1\nURL=http://h:\${PORT}\n`;
  const render = (text: string) => plan(text + rest).render(() => 'v');
  expect(render('ROOT_PASSWORD=\nROOT_PASSWORD=\n')).toBe(
    `ROOT_PASSWORD=v\nROOT_PASSWORD=v\n${rest}`,
  );
  expect(render('ROOT_PASSWORD=mine\nROOT_PASSWORD=\n')).toBe(
    `ROOT_PASSWORD=mine\nROOT_PASSWORD=v\n${rest}`,
  );
});

test('does not let a comment that touches the quotes become part of the value', () => {
  const text = plan('ROOT_PASSWORD=""#c\nPORT=1\nURL=http://h:1\n').render(() => 'v');
  expect(parseDotenv(text).entries[0]).toMatchObject({ name: 'ROOT_PASSWORD', value: 'v' });
});

test('writes a secret anew that is older than the store', () => {
  const text = 'PORT=1\nURL=http://h:1\nROOT_PASSWORD=old\n';
  expect(plan(text, variables, new Set(['ROOT_PASSWORD'])).render(() => 'new')).toContain(
    'ROOT_PASSWORD=new\n',
  );
  expect(plan(text).changed).toEqual([]);
});

test('derives anew what an older template made, and leaves what a person set', () => {
  const base = 'PORT=1\nROOT_PASSWORD=x\n';
  expect(written(`${base}URL=https://\${PORT}\n`)).toBe(`${base}URL=http://h:\${PORT}\n`);
  expect(written(`${base}URL=mine\n`)).toBe(`${base}URL=mine\n`);
});

test('adds a variable above the first line that refers to it, because compose reads downwards', () => {
  const result = written(`ROOT_PASSWORD=x\nMINE=\${PORT}\nURL=http://h:\${PORT}\n`);
  expect(parseDotenv(result).entries.map(({ name, value }) => [name, value])).toEqual([
    ['ROOT_PASSWORD', 'x'],
    ['PORT', '80'],
    ['MINE', '80'],
    ['URL', 'http://h:80'],
  ]);
});

test('adds the sources of an added variable above the same line', () => {
  const result = written(`ROOT_PASSWORD=x\nMINE=\${URL}\n`);
  expect(parseDotenv(result).entries.find(({ name }) => name === 'MINE')?.value).toBe(
    'http://h:80',
  );
});

test('does not invent a required or optional value', () => {
  expect(plan('').added).toEqual(['URL', 'PORT', 'ROOT_PASSWORD']);
});

test('whatever the defaults, the new file reads back as declared and a second plan changes nothing', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, fc.string(), (value, description, existing) => {
      const declared = {
        A: { description, default: value },
        B: { description, secret: { length: 16 } },
      };
      const first = `X=1\n# ${existing.replaceAll(/[\r\n]/g, '')}\n`;
      const result = written(first, declared);
      const file = parseDotenv(result);
      expect(result.startsWith(first)).toBe(true);
      expect(file.entries.map((entry) => [entry.name, entry.value])).toEqual([
        ['X', '1'],
        ['A', value],
        ['B', 's3cretValue'],
      ]);
      expect(written(result, declared)).toBe(result);
    }),
    { numRuns: 500 },
  );
});

test('what it writes passes the audit but for what a person must set', () => {
  const file = parseDotenv(written(''));
  const findings = auditEnvironment({
    declared: variables,
    fileName: '.env',
    file,
    references: [],
  });
  expect(findings.map(({ kind, variable }) => [kind, variable])).toEqual([
    ['missing-required', 'HOST'],
  ]);
});

test('the example shows defaults and templates, and no secret', () => {
  const example = renderEnvironmentExample({
    name: 'lab',
    environment: { file: '.env', example: '.env.example', variables },
  });
  expect(example).toBe(`# Environment of the platform lab: the variables that .env may set.

# Where it is
URL=http://h:\${PORT}

# The port
PORT=80

# The password (generated by deploy)
ROOT_PASSWORD=

# The host (required)
HOST=

# Anything
EXTRA=
`);
});
