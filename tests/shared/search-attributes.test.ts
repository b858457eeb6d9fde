import { expect, test } from 'vitest';
import { missingSearchAttributes, registerCommand } from '../../src/shared/search-attributes.ts';

test('what a server does not know is named, each with its type behind it', () => {
  const missing = missingSearchAttributes({
    RunbookPlatform: 2,
    RunbookStep: 2,
    RunbookTrigger: 2,
  });
  expect(missing).toEqual(['RunbookState', 'RunbookPlan']);
  expect(registerCommand(missing, 'ops')).toBe(
    'temporal operator search-attribute create --namespace ops' +
      ' --name RunbookState --type Keyword --name RunbookPlan --type Bool',
  );
});

test('a name of every object is not taken for an attribute that is known', () => {
  expect(missingSearchAttributes({})).toHaveLength(5);
});
