import { expect, test } from 'vitest';
import { blankDotenv, blankYaml } from '../../../src/activities/migrate/blank-values.ts';
import { sightCredentials } from '../../../src/shared/secrets/sight-credentials.ts';

/** A compose file as a plan shows it: what is hidden is what is found in it. */
function shown(environment: string, env = '') {
  const text = `services:\n  db:\n    environment:\n${environment}`;
  const sightings = sightCredentials({
    ...{ composeFiles: [{ name: 'c', text }], envFile: { name: '.env', text: env } },
    ...{ otherEnvFiles: [], files: [], containers: [] },
  });
  return blankYaml(text, sightings).split('\n').slice(3).join('\n');
}

test.each([
  ['doubled dollars', '"pa$$word-one"', 'pa$$word'],
  ['doubled quotes', "'it''s-a-secret'", 'it'],
  ['escapes', '"say\\"hello\\"99"', 'hello'],
  ['escaped letters', '"\\x73ecret\\u0031"', 'x73'],
  ['a part of a URL, encoded', 'pg://app:p%40ssw0rd%21@db/app', 'ssw0rd'],
  ['a number that is too large to count with', '12345678901234567890', '1234'],
  ['a block', '|-\n        first-line\n        second-line', '-line'],
  ['a folded text', '>-\n        first-part\n        second-part', '-part'],
])('a value is hidden however it is written: %s', (_, written, canary) => {
  const text = shown(`      A: b\n      DB_PASSWORD: ${written}\n      C: d # stays\n`);
  expect(text).not.toContain(canary);
  expect(text).toMatch(/^ {6}A: b\n {6}DB_PASSWORD: .*\[value\]\S*\n {6}C: d # stays\n$/s);
});

test('an item of a list keeps its name, and a text around a value stays', () => {
  expect(shown('      - "DB_PASSWORD=pa$$word-one"\n')).toBe('      - DB_PASSWORD=[value]\n');
  expect(shown('      - DSN=pg://app:hunter2pw@db\n')).toBe('      - DSN=pg://app:[value]@db\n');
});

test('comments that give a value of a moved variable are hidden, old ones too', () => {
  const line = '      DB_PASSWORD: "pa$$word-one" # was pa$$word-one before\n';
  expect(shown(`      # db_password is set below\n      # DB_PASSWORD: older1pw\n${line}`)).toBe(
    '      # db_password is set below\n      # DB_PASSWORD: [value]\n' +
      '      DB_PASSWORD: [value] # was [value] before\n',
  );
  expect(shown('      PW: $DB_PASSWORD # DB_PASSWORD=old\n', 'DB_PASSWORD=hunter2pw\n')).toBe(
    '      PW: $DB_PASSWORD # DB_PASSWORD= [value]\n',
  );
});

test('of an environment file names stay, and neither values, comments nor what cannot be read', () => {
  const text =
    "# DB_PASSWORD=old1\n\nA=1 # is two2\nexport B='x\ny'\n  # three3\nC\nno four4\nD=\"five5\n";
  expect(blankDotenv(text)).toBe(
    '# [comment]\n\nA=[value] # [comment]\nexport B=[value]\n  # [comment]\nC\n[value]\n[value]\n',
  );
});
