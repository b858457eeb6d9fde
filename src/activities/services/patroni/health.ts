import { containerWords } from '../common/members.ts';
import type { Health, HealthVerdict, ServiceHandle } from '../kind.ts';
import { type ClusterMember, isCaughtUp, isWell, readCluster } from './cluster.ts';

async function silent(service: ServiceHandle): Promise<HealthVerdict> {
  const facts = await service.facts();
  const words = service.members.map(
    (member) => `${member}: ${containerWords(facts.find((fact) => fact.member === member))}`,
  );
  return {
    ready: false,
    healthy: false,
    summary: `no member answers (${words.join(', ')})`,
    unhealthy: service.members,
  };
}

function judge(service: ServiceHandle, cluster: readonly ClusterMember[]): HealthVerdict {
  const leaders = cluster.filter((member) => member.leader);
  const [leader] = leaders;
  const hasLeader = leaders.length === 1 && leader !== undefined && isWell(leader);
  const well = new Set(
    cluster.filter((member) => (member.leader ? isWell(member) : isCaughtUp(member))).map(nameOf),
  );
  const unhealthy = service.members.filter((member) => !well.has(member));
  const replicas = service.members.length - 1;
  const streaming = service.members.filter(
    (member) => well.has(member) && member !== leader?.name,
  ).length;
  const states = new Map(cluster.map((member) => [member.name, member.state]));
  const words = unhealthy.map(
    (member) => `${member}: ${states.get(member) ?? 'not in the cluster'}`,
  );
  return {
    ready: hasLeader,
    healthy: hasLeader && unhealthy.length === 0,
    unhealthy,
    summary: [
      leaderWords(leaders),
      `${streaming} of ${replicas} replicas streaming`,
      ...words,
    ].join(', '),
  };
}

const nameOf = (member: ClusterMember) => member.name;

function leaderWords(leaders: readonly ClusterMember[]): string {
  const [leader] = leaders;
  if (leader === undefined) return 'no leader';
  if (leaders.length > 1) return `${leaders.length} leaders: ${leaders.map(nameOf).join(', ')}`;
  return isWell(leader) ? `leader ${leader.name}` : `leader ${leader.name} is ${leader.state}`;
}

/** Ready with exactly one running leader; healthy when every other member streams from it. */
export const health: Health = {
  async check(service) {
    const cluster = await readCluster(service);
    return cluster === undefined ? silent(service) : judge(service, cluster);
  },
};
