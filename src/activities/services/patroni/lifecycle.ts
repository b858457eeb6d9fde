import { setTimeout as wait } from 'node:timers/promises';
import { RunbookError } from '../../../shared/errors.ts';
import { type HttpAnswer, httpInContainer } from '../common/http.ts';
import type { Lifecycle, ServiceHandle } from '../kind.ts';
import { type ClusterMember, isCaughtUp, isWell, readCluster, restUrl } from './cluster.ts';

const switchoverDeadlineMs = 60_000;
const pollMs = 500;

const leaderOf = (cluster: readonly ClusterMember[] | undefined) =>
  cluster?.find((member) => member.leader)?.name;

/** The replica that loses least: it streams and is the least behind. */
function healthiest(cluster: readonly ClusterMember[]): ClusterMember | undefined {
  return cluster
    .filter((member) => !member.leader && isCaughtUp(member))
    .sort((a, b) => (a.lagBytes ?? 0) - (b.lagBytes ?? 0))[0];
}

function noCandidate(service: ServiceHandle, leader: string): RunbookError {
  return new RunbookError('RB_NO_CANDIDATE', `no replica of ${service.name} can take over`, {
    why: `${leader} leads and no other member streams with a known lag`,
    fix: 'wait until a replica streams (patronictl list), then retry',
  });
}

/**
 * Where changes take a password, Patroni's own client asks: it reads the password from the member's configuration, so
 * that no other place needs it.
 */
async function askSwitchover(
  service: ServiceHandle,
  leader: string,
  candidate: string,
): Promise<HttpAnswer> {
  const url = restUrl(service, '/switchover');
  const request = { url, body: { leader, candidate }, timeoutMs: 30_000 };
  const answer = await httpInContainer(service, leader, request);
  if (answer.status !== 401) return answer;
  const names = ['--leader', leader, '--candidate', candidate];
  const argv = ['patronictl', 'switchover', ...names, '--force'];
  const { exitCode, stdout, stderr } = await service.exec(leader, argv, { timeoutMs: 40_000 });
  if (exitCode === 0) return { status: 200, body: stdout };
  return { status: 401, body: `${answer.body}; patronictl: ${(stderr || stdout).trim()}` };
}

/** Moves leadership away from the member; a member that does not lead is ready as it is. */
async function prepareRestart(service: ServiceHandle, member: string): Promise<void> {
  const cluster = (await readCluster(service)) ?? [];
  if (leaderOf(cluster) !== member || service.members.length === 1) return;
  const candidate = healthiest(cluster);
  if (candidate === undefined) throw noCandidate(service, member);
  const answer = await askSwitchover(service, member, candidate.name);
  const deadline = Date.now() + switchoverDeadlineMs;
  for (;;) {
    const now = await readCluster(service);
    const leader = leaderOf(now);
    if (leader !== undefined && leader !== member) return;
    if (Date.now() >= deadline || (answer.status >= 400 && answer.status !== 503)) break;
    await wait(pollMs);
  }
  throw new RunbookError('RB_SWITCHOVER_FAILED', `${member} did not hand over the leadership`, {
    why: `asked for ${candidate.name}; Patroni answered ${answer.status}: ${answer.body.slice(0, 300)}`,
    fix: 'look at `patronictl list`, then retry',
  });
}

export const lifecycle: Lifecycle = {
  prepareRestart,
  async restartOrder(service) {
    const leader = leaderOf(await readCluster(service));
    const replicas = service.members.filter((member) => member !== leader);
    return leader === undefined ? replicas : [...replicas, leader];
  },
  async mayRestart(service, member) {
    const cluster = await readCluster(service);
    if (cluster === undefined) return { allowed: false, why: 'no member answers' };
    if (leaderOf(cluster) === undefined) return { allowed: false, why: 'there is no leader' };
    const states = new Map(cluster.map((other) => [other.name, other]));
    const missing = service.members.filter((name) => {
      const other = states.get(name);
      return name !== member && (other === undefined || !isWell(other));
    });
    return missing.length === 0
      ? { allowed: true, why: 'every other member is running' }
      : { allowed: false, why: `not running: ${missing.join(', ')}` };
  },
};
