import { expect, test } from 'vitest';
import type { CredentialTarget } from '../../../../src/activities/services/credentials.ts';
import { patroni } from '../../../../src/activities/services/patroni/kind.ts';
import { curl, ended, running, serviceDouble } from '../service-double.ts';

type Answer = { stdout?: string; stderr?: string; exitCode?: number };
type Exec = (member: string, program: string, input: string) => Answer;

const member = (name: string, role: string, state = 'streaming') => ({ name, role, state, lag: 0 });
const cluster = (...members: object[]) => curl(200, JSON.stringify({ members }));
const healthy = cluster(member('pg1', 'replica'), member('pg2', 'leader', 'running'));

const target = (exec: Exec, account = {}, facts = [running('pg1'), running('pg2')]) =>
  ({
    service: serviceDouble(facts, (name, [program = ''], options) =>
      exec(name, program, options?.input ?? ''),
    ),
    account,
    strategy: 'single',
    secret: async () => ({ login: '', value: '' }),
    checkFence: async () => {},
    log: () => {},
  }) satisfies CredentialTarget;

const typeOf = (name: string) => {
  const type = patroni.credentials?.types[name];
  if (type === undefined) throw new Error(`the kind has no ${name}`);
  return type;
};

const noRoles = JSON.stringify({ roles: [], known: [], iterations: 4096 });

test('the leader is asked, by the names that Patroni gives its roles', async () => {
  const asked: string[] = [];
  const given = target((name, program, input) => {
    if (program !== 'psql') return healthy;
    asked.push(`${name} ${/rolname IN \((.*)\)\)\);/.exec(input)?.[1]}`);
    return { stdout: noRoles };
  });
  for (const [type, role] of [
    ['superuser', 'postgres'],
    ['replication', 'replicator'],
    ['rewind', 'rewind_user'],
  ] as const) {
    expect(typeOf(type).nextLogin(given, undefined, 'v2')).toBe(role);
    await expect(typeOf(type).holds(given, { login: '', value: 'x' })).rejects.toMatchObject({
      code: 'RB_ACCOUNT_UNKNOWN',
    });
    expect(asked.pop()).toBe(`pg2 E'${role}'`);
  }
});

test.for([
  ['no leader', cluster(member('pg1', 'replica'), member('pg2', 'replica')), 'there is no leader'],
  ['no answer', { exitCode: 7 }, 'no member answers'],
  ['a leader that starts', cluster(member('pg1', 'leader', 'starting')), 'there is no leader'],
  ['a stranger', cluster(member('node-7', 'leader', 'running')), 'named like none'],
] as const)('with %s another try may help', async ([, answer, why]) => {
  await expect(
    typeOf('superuser').set(
      target(() => answer),
      { login: 'postgres', value: 'x' },
    ),
  ).rejects.toMatchObject({
    code: 'RB_NO_PRIMARY',
    retry: 'maybe',
    why: expect.stringContaining(why),
  });
});

test('sessions are looked for on replicas too, and one that is down has none', async () => {
  const row = {
    pid: 7,
    since: '2026-01-01T00:00:00.5+00:00',
    address: '10.0.0.9',
    application: 'app',
  };
  const given = target((name) =>
    name === 'pg1'
      ? { stdout: JSON.stringify([row]) }
      : { exitCode: 2, stderr: 'psql: error: connection failed: No such file or directory' },
  );
  expect(await typeOf('superuser').sessions?.(given, 'postgres')).toEqual([
    { id: `pg1/7/${row.since}`, since: row.since, from: '10.0.0.9 to pg1 (app)' },
  ]);
});

test('a server that is silent may have sessions: that is said, not passed over', async () => {
  const given = target((name) =>
    name === 'pg1' ? { stdout: '[]' } : { exitCode: 124, stderr: 'no answer within 10 s' },
  );
  await expect(typeOf('superuser').sessions?.(given, 'postgres')).rejects.toMatchObject({
    code: 'RB_CREDENTIAL_UNANSWERED',
  });
});

/** Answers of the REST API without and with the password. */
const rest = (answers: Record<string, readonly [bare: number, authorized: number]>) =>
  target((name) => ({ stdout: `${JSON.stringify(answers[name])}\n` }), { user: 'patroni' });

test('the REST user is accepted, or refused, by all members', async () => {
  const secret = { login: 'patroni', value: 'x' };
  const prove = (given: CredentialTarget) => typeOf('rest').prove(given, secret);
  expect(await prove(rest({ pg1: [401, 200], pg2: [401, 200] }))).toMatchObject({ accepted: true });
  expect(await prove(rest({ pg1: [401, 401], pg2: [401, 401] }))).toMatchObject({
    accepted: false,
    refusal: 'HTTP 401',
  });
  await expect(prove(rest({ pg1: [401, 200], pg2: [401, 401] }))).rejects.toMatchObject({
    code: 'RB_MEMBERS_DISAGREE',
    retry: 'maybe',
  });
});

test('a REST API that asks for no password proves nothing', async () => {
  const given = rest({ pg1: [401, 200], pg2: [200, 200] });
  await expect(typeOf('rest').prove(given, { login: 'patroni', value: 'x' })).rejects.toMatchObject(
    { code: 'RB_ACCOUNT_UNKNOWN' },
  );
});

test('no member that runs is no proof either', async () => {
  const given = target(() => ({}), { user: 'patroni' }, [ended('pg1', 0), ended('pg2', 0)]);
  await expect(typeOf('rest').prove(given, { login: 'patroni', value: 'x' })).rejects.toMatchObject(
    { code: 'RB_MEMBERS_DISAGREE', why: 'no member runs' },
  );
});

test('the REST password goes in on standard input only', async () => {
  const given = rest({ pg1: [401, 200], pg2: [401, 200] });
  await typeOf('rest').prove(given, { login: 'patroni', value: 'PlantedValue1' });
  expect(JSON.stringify(given.service.commands)).not.toContain('PlantedValue1');
});
