import { describe, expect, test } from 'vitest';
import {
  type AccountFacts,
  describeAccounts,
} from '../../../src/shared/secrets/describe-accounts.ts';
import type { MigratedSecret, Move } from '../../../src/shared/secrets/migration.ts';
import type { ToldAccount, VariableAccount } from '../../../src/shared/secrets/variable-account.ts';

const root: VariableAccount = { type: 'root', account: { user: 'boss' }, takes: 'restart' };
const superuser: VariableAccount = { type: 'role', account: { role: 'app' }, takes: 'start' };
const roleAt = (...at: string[]): VariableAccount => ({
  ...{ type: 'role', account: { role: 'app', database: 'app' }, at, takes: 'restart' },
});

interface Situation {
  /** `secret: [service/VARIABLE]` */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly told?: Readonly<Record<string, ToldAccount>>;
  readonly more?: Readonly<Record<string, Partial<MigratedSecret>>>;
  readonly facts?: Partial<AccountFacts>;
}

function described({ secrets, told = {}, more = {}, facts }: Situation) {
  const moves = Object.entries(secrets).flatMap(([secret, readers]) =>
    readers.map((reader): Move => {
      const [service = '', variable = ''] = reader.split('/');
      const intake = { how: 'file variable', variable: `${variable}_FILE` } as const;
      return { secret, service, variable, intake, handedOver: false };
    }),
  );
  const migrated = Object.keys(secrets).map((name) => ({
    ...{ name, description: name, left: [] },
    ...more[name],
  }));
  return describeAccounts(
    { secrets: migrated, moves, services: [], notCovered: [] },
    {
      opens: (service, variable) => told[`${service}/${variable}`],
      finishes: (service) => service === 'job',
      serviceOf: (member) => (member.startsWith('pg') ? 'postgres' : member),
      ...{ items: {}, problem: () => undefined },
      ...facts,
    },
  );
}

const wordsOf = (situation: Situation) =>
  described(situation).secrets.map(({ credential, notRotated }) => notRotated ?? credential);

describe('says what a secret opens', () => {
  test('in the service that takes it, for all its readers', () => {
    const { secrets, moves } = described({
      secrets: { pw: ['pg1/POSTGRES_PASSWORD', 'job/PW', 'app/PW'] },
      told: { 'pg1/POSTGRES_PASSWORD': superuser },
    });
    const credential = { service: 'postgres', type: 'role', account: { role: 'app' } };
    expect(secrets).toMatchObject([{ credential }]);
    expect(secrets[0]).not.toHaveProperty('notRotated');
    // The database reads it at its first start, a job at each, and who restarts needs no word.
    expect(moves.map(({ takes }) => takes)).toEqual(['start', 'start', undefined]);
  });

  test('in the service that its reader connects to, and by which way', () => {
    const told = { 'app/DB': roleAt('pg1:5432'), 'web/DB': roleAt('pg1:5432', 'pg2:5432') };
    const role = { service: 'postgres', type: 'role', account: { role: 'app', database: 'app' } };
    expect(wordsOf({ secrets: { pw: ['app/DB'] }, told })).toEqual([
      { ...role, route: 'pg1:5432' },
    ]);
    expect(wordsOf({ secrets: { pw: ['web/DB'] }, told })).toEqual([role]);
  });

  test('as the service itself says it, where its readers say so too', () => {
    const told = { 'app/DB': roleAt('pg1:5432'), 'pg1/POSTGRES_PASSWORD': superuser };
    const secrets = { pw: ['app/DB', 'pg1/POSTGRES_PASSWORD'] };
    expect(wordsOf({ secrets, told })).toMatchObject([{ account: { role: 'app' } }]);
  });

  test('and leaves a secret alone that the platform file describes already', () => {
    const credential = { service: 'minio', account: { user: 'boss' } };
    const situation = { secrets: { pw: ['minio/PW'] }, facts: { items: { pw: { credential } } } };
    expect(wordsOf(situation)).toEqual([undefined]);
  });
});

describe('does not rotate, and says why,', () => {
  const twoRoots = { 'a/PW': root, 'b/PW': root };
  test.each<[string, Situation, readonly (RegExp | object)[]]>([
    ['what nobody knows', { secrets: { pw: ['app/PW'] } }, [/nobody knows what app\/PW opens/]],
    [
      'what a kind cannot tell, whatever others say',
      {
        secrets: { pw: ['app/DB', 'grafana/GF_X'] },
        told: { 'app/DB': roleAt('pg1:5432'), 'grafana/GF_X': { unknown: 'no kind knows it' } },
      },
      [/^grafana\/GF_X: no kind knows it$/],
    ],
    [
      'what stays somewhere',
      {
        secrets: { pw: ['minio/PW'] },
        told: { 'minio/PW': root },
        more: { pw: { left: [{ what: 'web/URL', place: 'c.yaml:1', why: 'part' }] } },
      },
      [/web\/URL keeps its value \(c.yaml:1\)/],
    ],
    [
      'a door outside of the platform',
      {
        secrets: { pw: ['app/DB'] },
        told: { 'app/DB': roleAt('db.example.org:5432') },
        facts: { serviceOf: () => undefined },
      },
      [/db.example.org is no service of the platform/],
    ],
    [
      'two doors',
      { secrets: { pw: ['a/PW', 'b/PW'] }, told: twoRoots },
      [/boss of a and boss of b/],
    ],
    [
      'one door of two secrets',
      {
        secrets: { one: ['a/PW'], two: ['a/OTHER'] },
        told: { 'a/PW': root, 'a/OTHER': root },
      },
      [/^two opens boss of a as well$/, /^one opens boss of a as well$/],
    ],
    [
      'a door that a secret of the platform file opens',
      {
        secrets: { one: ['a/PW'], known: ['a/OTHER'] },
        told: { 'a/PW': root },
        facts: { items: { known: { credential: { service: 'a', account: { user: 'boss' } } } } },
      },
      [/^known opens boss of a as well$/, /^one opens boss of a as well$/],
    ],
    [
      'a secret of the platform file that is not described',
      { secrets: { pw: ['a/PW'] }, told: { 'a/PW': root }, facts: { items: { pw: {} } } },
      [/does not say what it opens/],
    ],
    [
      'a value that somebody has under another name',
      {
        secrets: { one: ['a/PW'], two: ['app/PW'] },
        told: { 'a/PW': root },
        more: { one: { twins: ['two'] }, two: { twins: ['one'] } },
      },
      [/^two has the same value, and nobody knows what it opens$/, /nobody knows what app\/PW/],
    ],
    [
      'what a check of the file would refuse',
      {
        secrets: { pw: ['a/PW'] },
        told: { 'a/PW': root },
        facts: { problem: () => 'expected a name' },
      },
      [/^expected a name$/],
    ],
  ])('%s', (_, situation, words) => {
    const told = wordsOf(situation);
    expect(told).toEqual(words.map((one) => expect.stringMatching(one as RegExp)));
  });
});

test('the same value for two doors that are known is no obstacle', () => {
  const situation: Situation = {
    secrets: { one: ['a/PW'], two: ['b/PW'] },
    told: { 'a/PW': root, 'b/PW': root },
    more: { one: { twins: ['two'] }, two: { twins: ['one'] } },
  };
  expect(wordsOf(situation)).toMatchObject([{ service: 'a' }, { service: 'b' }]);
});
