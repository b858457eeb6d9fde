import { describe, expect, test } from 'vitest';
import { patroni } from '../../../src/activities/services/patroni/kind.ts';
import { bodyOf, curl, ended, running, serviceDouble, urlOf } from './service-double.ts';

interface Recorded {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly lag?: number | string;
}

const leader = (name: string): Recorded => ({ name, role: 'leader', state: 'running' });
const replica = (name: string, changes: Partial<Recorded> = {}): Recorded => ({
  ...{ name, role: 'replica', state: 'streaming', lag: 0 },
  ...changes,
});
const cluster = (...members: readonly Recorded[]) =>
  curl(
    200,
    JSON.stringify({
      members: members.map((m) => ({ ...m, host: m.name, port: 5432, timeline: 1 })),
      scope: 'lab',
    }),
  );

const three = [running('pg1'), running('pg2'), running('pg3')];
const check = (...members: readonly Recorded[]) =>
  patroni.health?.check(serviceDouble(three, () => cluster(...members)));

describe('a PostgreSQL cluster', () => {
  test('with a leader and streaming replicas is healthy', async () => {
    expect(await check(replica('pg1'), replica('pg2'), leader('pg3'))).toEqual({
      ready: true,
      healthy: true,
      unhealthy: [],
      summary: 'leader pg3, 2 of 2 replicas streaming',
    });
  });

  test.for<[string, readonly Recorded[], string]>([
    [
      'a replica is behind by an unknown amount',
      [leader('pg1'), replica('pg2', { lag: 'unknown' }), replica('pg3')],
      'pg2',
    ],
    [
      'a replica is being made',
      [leader('pg1'), replica('pg2'), replica('pg3', { state: 'creating replica' })],
      'pg3',
    ],
    ['a member is not in the cluster', [leader('pg1'), replica('pg2')], 'pg3'],
  ])('is ready but not healthy when %s', async ([, members, unhealthy]) => {
    expect(await check(...members)).toMatchObject({
      ready: true,
      healthy: false,
      unhealthy: [unhealthy],
    });
  });

  test.for<[string, readonly Recorded[]]>([
    ['there is no leader', [replica('pg1'), replica('pg2'), replica('pg3')]],
    ['there are two', [leader('pg1'), leader('pg2'), replica('pg3')]],
    [
      'the leader starts',
      [{ ...leader('pg1'), state: 'starting' }, replica('pg2'), replica('pg3')],
    ],
  ])('is not ready when %s', async ([, members]) => {
    expect(await check(...members)).toMatchObject({ ready: false, healthy: false });
  });

  test('is asked at the next member when one does not answer', async () => {
    const service = serviceDouble([ended('pg1', 137), running('pg2'), running('pg3')], (member) =>
      member === 'pg2' ? curl(0) : cluster(leader('pg3'), replica('pg2')),
    );
    expect(await patroni.health?.check(service)).toMatchObject({ ready: true, unhealthy: ['pg1'] });
    expect(service.commands.map(([member]) => member)).toEqual(['pg2', 'pg3']);
  });

  test('that nobody answers for says what its containers do', async () => {
    const service = serviceDouble([ended('pg1', 1), running('pg2')], () => curl(0));
    expect(await patroni.health?.check(service)).toMatchObject({
      ready: false,
      summary: 'no member answers (pg1: ended (exit 1), pg2: running)',
    });
  });
});

describe('restarting', () => {
  const { lifecycle } = patroni;

  test('begins with the replicas', async () => {
    const service = serviceDouble(three, () =>
      cluster(leader('pg1'), replica('pg2'), replica('pg3')),
    );
    expect(await lifecycle?.restartOrder(service)).toEqual(['pg2', 'pg3', 'pg1']);
  });

  test.for<[string, readonly Recorded[], boolean]>([
    ['the others run', [leader('pg1'), replica('pg2'), replica('pg3')], true],
    [
      'this one is the only sick one',
      [leader('pg1'), replica('pg2', { state: 'stopped' }), replica('pg3')],
      true,
    ],
    [
      'another is down',
      [leader('pg1'), replica('pg2'), replica('pg3', { state: 'stopped' })],
      false,
    ],
    ['another is missing', [leader('pg1'), replica('pg2')], false],
    ['there is no leader', [replica('pg1'), replica('pg2'), replica('pg3')], false],
  ])('pg2 when %s is allowed: %s', async ([, members, allowed]) => {
    const service = serviceDouble(three, () => cluster(...members));
    expect(await lifecycle?.mayRestart(service, 'pg2')).toMatchObject({ allowed });
  });

  test('the leader hands over to the replica that is least behind', async () => {
    let now = 'pg1';
    const service = serviceDouble(three, (_, argv) => {
      if (urlOf(argv).endsWith('/switchover')) {
        now = (JSON.parse(bodyOf(argv)) as { candidate: string }).candidate;
        return curl(200, 'Successfully switched over');
      }
      const all = [replica('pg2', { lag: 1024 }), replica('pg3', { lag: 16 }), replica('pg1')];
      return cluster(...all.map((member) => (member.name === now ? leader(now) : member)));
    });
    await lifecycle?.prepareRestart?.(service, 'pg1');
    expect(now).toBe('pg3');
    const before = service.commands.length;
    await lifecycle?.prepareRestart?.(service, 'pg1');
    expect(
      service.commands.slice(before).some((argv) => urlOf(argv.slice(1)).endsWith('/switchover')),
    ).toBe(false);
  });

  test("the leader of a cluster with a password hands over through Patroni's own client", async () => {
    let now = 'pg1';
    const service = serviceDouble(three, (_, argv) => {
      if (argv[0] === 'patronictl') {
        now = argv[argv.indexOf('--candidate') + 1] ?? '';
        return { exitCode: 0, stdout: 'Successfully switched over', stderr: '' };
      }
      if (urlOf(argv).endsWith('/switchover')) return curl(401, 'no auth header received');
      const all = [replica('pg1'), replica('pg2'), replica('pg3', { lag: 16 })];
      return cluster(...all.map((member) => (member.name === now ? leader(now) : member)));
    });
    await lifecycle?.prepareRestart?.(service, 'pg1');
    expect(now).toBe('pg2');
    expect(service.commands.filter(([, program]) => program === 'patronictl')).toEqual([
      ['pg1', 'patronictl', 'switchover', '--leader', 'pg1', '--candidate', 'pg2', '--force'],
    ]);
  });

  test('the leader is refused when nobody can take over', async () => {
    const service = serviceDouble(three, () =>
      cluster(leader('pg1'), replica('pg2', { lag: 'unknown' })),
    );
    await expect(lifecycle?.prepareRestart?.(service, 'pg1')).rejects.toMatchObject({
      code: 'RB_NO_CANDIDATE',
    });
  });

  test("a refusal of Patroni's client is quoted, with what Patroni said before", async () => {
    const service = serviceDouble(three, (_, argv) => {
      if (argv[0] === 'patronictl') return { exitCode: 1, stdout: '', stderr: 'no such cluster' };
      if (urlOf(argv).endsWith('/switchover')) return curl(401, 'no auth header received');
      return cluster(leader('pg1'), replica('pg2'), replica('pg3'));
    });
    await expect(lifecycle?.prepareRestart?.(service, 'pg1')).rejects.toMatchObject({
      code: 'RB_SWITCHOVER_FAILED',
      why: expect.stringContaining('401: no auth header received; patronictl: no such cluster'),
    });
  });

  test('a refusal of Patroni is quoted', async () => {
    const service = serviceDouble(three, (_, argv) =>
      urlOf(argv).endsWith('/switchover')
        ? curl(412, 'candidate name does not match with sync_standby')
        : cluster(leader('pg1'), replica('pg2'), replica('pg3')),
    );
    await expect(lifecycle?.prepareRestart?.(service, 'pg1')).rejects.toMatchObject({
      code: 'RB_SWITCHOVER_FAILED',
      why: expect.stringContaining('412: candidate name'),
    });
  });
});

test.each(['superuser', 'replication', 'rewind'])(
  'a member of a role that is refused (%s) says so in words that name no role',
  (type) => {
    const lines = patroni.credentials?.types[type]?.refusedLoginLines?.({ account: {} }) ?? [];
    const said = '2026-11-27 15:06:39,795 ERROR: Exception when working with leader';
    expect(lines.filter((part) => said.includes(part))).toHaveLength(1);
  },
);
