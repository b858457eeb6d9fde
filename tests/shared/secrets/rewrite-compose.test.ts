import { diffArrays } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rewriteCompose, type ServiceChange } from '../../../src/shared/secrets/rewrite-compose.ts';

const nothing = { variables: [], added: [], volumes: [], tmpfs: [] };
const change = (service: string, given: Partial<ServiceChange>): ServiceChange => ({
  ...{ ...nothing, service },
  ...given,
});
const toFile = (name: string) => ({
  name,
  instead: { name: `${name}_FILE`, value: `/run/secrets/${name.toLowerCase()}` },
});

describe('an entry of the environment', () => {
  test.each([
    ['      PW: $DB # why', '      PW_FILE: /run/secrets/pw # why'],
    ['      "PW":   "a b"', '      PW_FILE:   /run/secrets/pw'],
    ['      PW:', '      PW_FILE: /run/secrets/pw'],
    ['      PW: >-\n        a\n        b', '      PW_FILE: /run/secrets/pw'],
    ['      - PW=$DB   # why', '      - PW_FILE=/run/secrets/pw   # why'],
    ['      - PW', '      - PW_FILE=/run/secrets/pw'],
  ])('%j becomes %j', (line, expected) => {
    const more = line.includes('- ') ? '      - A=b' : '      A: b';
    const text = (own: string) =>
      `services:\n  db:\n    environment:\n${own}\n${more}\n  web: {}\n`;
    const result = rewriteCompose(text(line), [change('db', { variables: [toFile('PW')] })]);
    expect(result).toBe(text(expected));
  });

  test.each([
    ['{ A: b, PW: c, D: e }', '{ A: b, D: e }'],
    ['{ PW: c, D: e }', '{ D: e }'],
    ['{ A: b, PW: c }', '{ A: b }'],
    ['{ PW: c }', '{  }'],
    ['[A=b, PW=c]', '[A=b]'],
    [
      '\n      # of the database\n      PW: c # secret\n      # of the web\n      A: b',
      '\n      # of the database\n      # of the web\n      A: b',
    ],
    ['\n      PW: c\n', ' {}\n'],
    ['\n      - PW=c', ' []'],
  ])('goes from %j, which becomes %j', (before, after) => {
    const text = (own: string) =>
      `services:\n  db:\n    environment: ${own}\n    image: x\n`
        .replace(': \n', ':\n')
        .replace(':  ', ': ');
    const result = rewriteCompose(text(before), [change('db', { variables: [{ name: 'PW' }] })]);
    expect(result).toBe(text(after));
  });

  test('takes the place of one that goes, and makes the mapping where there is none', () => {
    const own = change('db', { variables: [{ name: 'PW' }], added: [{ name: 'N', value: 'v' }] });
    const text = 'services:\n  db:\n    environment:\n      PW: c\n';
    expect(rewriteCompose(text, [own])).toBe('services:\n  db:\n    environment:\n      N: v\n');
    const bare = change('db', { added: [{ name: 'N', value: 'v' }] });
    expect(parse(rewriteCompose('services:\n  db:\n    image: x', [bare]))).toEqual({
      services: { db: { image: 'x', environment: { N: 'v' } } },
    });
    expect(parse(rewriteCompose('services: { db: { image: x } }', [bare]))).toEqual({
      services: { db: { image: 'x', environment: { N: 'v' } } },
    });
    expect(
      parse(rewriteCompose('services:\n  db:\n    environment:\n    image: x\n', [bare])),
    ).toEqual({
      services: { db: { image: 'x', environment: { N: 'v' } } },
    });
  });
});

test('a script comes as it is given, and a list keeps its items, wherever they are written', () => {
  const own = change('db', {
    volumes: ['./s:/run/secrets:ro'],
    tmpfs: ['/run/x:mode=0700'],
    entrypoint: ['sh', '-c', 'echo "$$1"\nexec "$$@"\n', 'x'],
    command: ['run'],
  });
  for (const text of [
    'services:\n  db:\n    image: x\n    volumes:\n      # data\n      - a:/a # mine\n    tmpfs: /t\n    entrypoint: old\n',
    'services: { db: { image: x, volumes: ["a:/a"], tmpfs: /t, entrypoint: old } }\n',
  ]) {
    expect(parse(rewriteCompose(text, [own]))).toEqual({
      services: {
        db: {
          image: 'x',
          volumes: ['a:/a', './s:/run/secrets:ro'],
          tmpfs: ['/t', '/run/x:mode=0700'],
          entrypoint: ['sh', '-c', 'echo "$$1"\nexec "$$@"\n', 'x'],
          command: ['run'],
        },
      },
    });
  }
});

/** A compose file as people write them: comments everywhere, styles mixed, keys in any order. */
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const comment = fc.option(
  word.map((text) => ` # ${text}`),
  { nil: '' },
);
const ownLine = fc.option(
  word.map((text) => `    # ${text}\n`),
  { nil: '' },
);

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly comment: string;
}
const entry = (name: string): fc.Arbitrary<Entry> =>
  fc.record({
    name: fc.constant(name),
    text: fc.constantFrom('v', '"q # r"', "'s'", '$X', '0', '', '>-\n        folded\n        text'),
    comment,
  });

const environment = fc
  .uniqueArray(fc.constantFrom('A', 'B', 'C', 'PW', 'TOKEN'), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((names) =>
    fc
      .tuple(fc.constantFrom('map', 'list', 'flow'), fc.tuple(...names.map(entry)))
      .map(([style, entries]) => {
        const plain = (text: string) => (text.startsWith('>') || text.startsWith('"') ? 'v' : text);
        if (style === 'flow') {
          const all = entries.map(({ name, text }) => `${name}: ${plain(text) || '""'}`).join(', ');
          return { names, text: `    environment: { ${all} }\n` };
        }
        const lines = entries.map(({ name, text, comment: end }) =>
          style === 'map'
            ? `      ${name}: ${text}${text.startsWith('>') ? '' : end}\n`
            : `      - ${name}=${plain(text)}${end}\n`,
        );
        return { names, text: `    environment:\n${lines.join('')}` };
      }),
  );

const service = fc
  .record({
    environment: fc.option(environment, { nil: undefined }),
    volumes: fc.constantFrom(
      '',
      '    volumes: [a:/a, "b:/b"]\n',
      '    volumes:\n      - a:/a\n      - b:/b # two\n',
    ),
    tmpfs: fc.constantFrom('', '    tmpfs: /t\n', '    tmpfs: [/t]\n'),
    command: fc.constantFrom(
      '',
      '    command: [a, b]\n',
      '    entrypoint: >-\n      one\n      two\n',
    ),
    image: fc.constant('    image: x   # pinned\n'),
    comments: fc.array(ownLine, { minLength: 5, maxLength: 5 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
  })
  .map((parts) => {
    const blocks = [
      ...[parts.environment?.text ?? '', parts.volumes, parts.tmpfs, parts.command, parts.image],
    ];
    const text = parts.order.map((at) => `${parts.comments[at]}${blocks[at]}`).join('');
    return { names: parts.environment?.names ?? [], text };
  });

const file = fc
  .record({
    services: fc.array(service, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('', '\n', '# end', 'volumes: {}\n'),
  })
  .map(({ services, end }) => ({
    names: services.map(({ names }) => names),
    text: `# head\nservices:\n${services.map(({ text }, at) => `  s${at}:\n${text}`).join('\n')}${end}`,
  }));

/** Lines of the old text that a diff does not take away. */
function keptLines(before: string, after: string): Set<number> {
  const kept = new Set<number>();
  let index = 0;
  for (const { removed, added, value } of diffArrays(before.split('\n'), after.split('\n'))) {
    if (added) continue;
    for (const _ of value) {
      if (!removed) kept.add(index);
      index += 1;
    }
  }
  return kept;
}

test('whatever the file looks like, it says the new things, and untouched lines stay byte for byte', () => {
  fc.assert(
    fc.property(file, ({ names, text }) => {
      const changes = names.map((own, at) =>
        change(`s${at}`, {
          variables: own.flatMap((name): ServiceChange['variables'] =>
            name === 'PW' ? [toFile(name)] : name === 'TOKEN' ? [{ name }] : [],
          ),
          volumes: ['./d:/run/secrets:ro'],
          tmpfs: ['/run/secrets-config'],
          entrypoint: ['sh', '-c', 'a\nb\n'],
        }),
      );
      const after = rewriteCompose(text, changes);
      const [was, is] = [parse(text), parse(after)] as const;
      for (const [at, own] of names.entries()) {
        const [old, now] = [was.services[`s${at}`], is.services[`s${at}`]];
        const before = asMap(old.environment);
        const { PW: _pw, TOKEN: _token, ...rest } = before;
        expect(asMap(now.environment)).toEqual({
          ...rest,
          ...(own.includes('PW') ? { PW_FILE: '/run/secrets/pw' } : {}),
        });
        expect(now.volumes).toEqual([...(old.volumes ?? []), './d:/run/secrets:ro']);
        expect(now.tmpfs).toEqual([old.tmpfs ?? []].flat().concat('/run/secrets-config'));
        expect(now.entrypoint).toEqual(['sh', '-c', 'a\nb\n']);
        expect([now.image, now.command]).toEqual([old.image, old.command]);
      }
      const kept = keptLines(text, after);
      for (const [index, line] of text.split('\n').entries()) {
        const isTouched =
          /PW|TOKEN|volumes:|tmpfs:|entrypoint:|environment:|folded|text$|one$|two$/.test(line);
        if (!isTouched) expect(kept, `${line}\n---\n${text}\n---\n${after}`).toContain(index);
      }
    }),
    { numRuns: 400 },
  );
});

function asMap(given: unknown): Record<string, unknown> {
  if (!Array.isArray(given)) return { ...(given as object) };
  return Object.fromEntries(
    given.map((item: string) => {
      const at = item.indexOf('=');
      return [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}
