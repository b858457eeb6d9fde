import { expect, test } from 'vitest';
import { postgres } from '../../../src/activities/services/postgres/kind.ts';
import { ended, running, serviceDouble } from './service-double.ts';

const check = (isReady: number, query = {}, facts = [running('db')]) =>
  postgres.health?.check(
    serviceDouble(facts, (_, [program]) =>
      program === 'pg_isready' ? { exitCode: isReady } : { stdout: '1\n', ...query },
    ),
  );

test.for([
  [0, {}, true, 'answers queries'],
  [1, {}, false, 'starting up'],
  [2, {}, false, 'no answer on the socket'],
  [
    0,
    { exitCode: 2, stdout: '', stderr: 'x\nFATAL: too many connections\n' },
    false,
    'FATAL: too many connections',
  ],
] as const)('pg_isready %i, query %j: ready %s', async ([isReady, query, ready, summary]) => {
  expect(await check(isReady, query)).toMatchObject({ ready, healthy: ready, summary });
});

test('a server whose container ended says so', async () => {
  expect(await check(0, {}, [ended('db', 1)])).toMatchObject({
    ready: false,
    summary: 'ended (exit 1)',
  });
});

test('the query goes through the local socket as the configured users', async () => {
  const service = serviceDouble([running('db')], () => ({ stdout: '1\n' }), {
    user: 'app',
    database: 'app',
  });
  await postgres.health?.check(service);
  expect(service.commands[1]).toEqual([
    'db',
    'psql',
    '-U',
    'app',
    '-d',
    'app',
    '-p',
    '5432',
    '-XAtq',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    'select 1',
  ]);
});

test('the user can be named by a variable, whose value stays in the container', async () => {
  const service = serviceDouble([running('db')], () => ({ stdout: '1\n' }), {
    userVariable: 'POSTGRES_USER',
  });
  expect(await postgres.health?.check(service)).toMatchObject({ healthy: true });
  for (const [, shell, flag, script, , variable, program] of service.commands) {
    expect([shell, flag, variable]).toEqual(['sh', '-c', 'POSTGRES_USER']);
    expect(script).toContain('PGUSER=$(printenv "$1")');
    expect(['pg_isready', 'psql']).toContain(program);
  }
});

test('a variable that is not there is said to be missing', async () => {
  const stderr = 'its container has no variable POSTGRES_USER\n';
  const service = serviceDouble([running('db')], () => ({ exitCode: 3, stderr }), {
    userVariable: 'POSTGRES_USER',
  });
  expect(await postgres.health?.check(service)).toMatchObject({
    ready: false,
    summary: 'its container has no variable POSTGRES_USER',
  });
});
