import { describe, expect, test } from 'vitest';
import { etcd } from '../../../src/activities/services/etcd/kind.ts';
import { curl, ended, running, serviceDouble, urlOf } from './service-double.ts';

const ids: Readonly<Record<string, string>> = { etcd1: '11', etcd2: '22', etcd3: '33' };
const status = (member: string, leader: string) =>
  curl(
    200,
    `{"header":{"cluster_id":"2615121683690885038","member_id":"${ids[member]}","raft_term":"2"},"version":"3.5.16","leader":"${leader}"}`,
  );
const healthy = curl(200, '{"health":"true","reason":""}');
const noLeader = curl(503, '{"health":"false","reason":"RAFT NO LEADER"}');

const three = [running('etcd1'), running('etcd2'), running('etcd3')];
const service = (facts = three, sick: readonly string[] = [], leader = '22') =>
  serviceDouble(facts, (member, argv) => {
    if (urlOf(argv).endsWith('/health')) return sick.includes(member) ? noLeader : healthy;
    return status(member, leader);
  });
const check = (...args: Parameters<typeof service>) => etcd.health?.check(service(...args));

describe('an etcd cluster', () => {
  test('of three healthy members says who leads', async () => {
    expect(await check()).toMatchObject({
      ready: true,
      healthy: true,
      summary: 'leader etcd2, 3 of 3 members healthy',
    });
  });

  test('with a quorum is ready; without one it is not', async () => {
    const one = [running('etcd1'), running('etcd2'), ended('etcd3', 137)];
    expect(await check(one)).toMatchObject({ ready: true, healthy: false, unhealthy: ['etcd3'] });
    const two = [ended('etcd1', 137), running('etcd2'), ended('etcd3', 137)];
    expect(await check(two, ['etcd2'])).toMatchObject({
      ready: false,
      summary: expect.stringContaining('etcd2: RAFT NO LEADER'),
    });
  });

  test('without a leader is not ready', async () => {
    expect(await check(three, [], '0')).toMatchObject({ ready: false });
  });

  test('is restarted one by one, the leader last, and only while the others are healthy', async () => {
    expect(await etcd.lifecycle?.restartOrder(service())).toEqual(['etcd1', 'etcd3', 'etcd2']);
    expect(await etcd.lifecycle?.mayRestart(service(), 'etcd1')).toMatchObject({ allowed: true });
    expect(await etcd.lifecycle?.mayRestart(service(three, ['etcd3']), 'etcd1')).toMatchObject({
      allowed: false,
    });
    expect(await etcd.lifecycle?.mayRestart(service(three, ['etcd1']), 'etcd1')).toMatchObject({
      allowed: true,
    });
  });
});
