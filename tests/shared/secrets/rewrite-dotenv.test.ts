import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDotenv } from '../../../src/shared/environment/dotenv.ts';
import { removeVariables } from '../../../src/shared/secrets/rewrite-dotenv.ts';

test('a variable goes with its line, wherever it stands; comments and order stay', () => {
  const text = "# head\nA=1\nexport PW='a\nb'  # two lines\n\n# of B\nB=2\nPW=again";
  expect(removeVariables(text, new Set(['PW']))).toBe('# head\nA=1\n\n# of B\nB=2\n');
});

const line = fc.constantFrom(
  ...[
    '# PW=1',
    '',
    'A=1',
    'PW=2',
    'export PW=3 # x',
    'B="x # y"',
    "PW='q'",
    'TOKEN',
    'C=$A',
    '  D=4',
  ],
);

test('every other line stays as it is', () => {
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('', '\n'), (lines, end) => {
      const text = lines.join('\n') + end;
      const gone = /^(?:export )?(?:PW|TOKEN)\b/;
      const kept = lines.filter((own) => !gone.test(own));
      const after = removeVariables(text, new Set(['PW', 'TOKEN']));
      expect(after.split('\n').filter((own) => own !== '')).toEqual(
        kept.filter((own) => own !== ''),
      );
      const names = parseDotenv(text).entries.map(({ name, value }) => `${name}=${value}`);
      expect(parseDotenv(after).entries.map(({ name, value }) => `${name}=${value}`)).toEqual(
        names.filter((own) => !/^(?:PW|TOKEN)=/.test(own)),
      );
    }),
  );
});
