import { z } from 'zod';
import { httpInContainer, jsonBody } from '../common/http.ts';
import { askMembers, unhealthyOf } from '../common/members.ts';
import { Port, readSettings } from '../common/settings.ts';
import type { HealthVerdict, ServiceHandle, ServiceKind } from '../kind.ts';
import { recognize } from './recognize.ts';

const Settings = z.strictObject({
  port: Port.default(2379),
  scheme: z.enum(['http', 'https']).default('http'),
});

/** etcd writes numbers of 64 bits as JSON strings, and leaves out a zero. */
const Status = z.object({
  header: z.object({ member_id: z.string() }),
  leader: z.string().default('0'),
});
const MemberHealth = z.object({ health: z.string(), reason: z.string().default('') });

interface EtcdVerdict extends HealthVerdict {
  readonly leader: string | undefined;
}

async function check(service: ServiceHandle): Promise<EtcdVerdict> {
  const { port, scheme } = readSettings(service, Settings);
  const base = `${scheme}://127.0.0.1:${port}`;
  const leaders: string[] = [];
  const verdicts = await askMembers(service, async (member) => {
    const [health, status] = await Promise.all([
      httpInContainer(service, member, { url: `${base}/health` }),
      httpInContainer(service, member, { url: `${base}/v3/maintenance/status`, body: {} }),
    ]);
    const own = jsonBody(status, Status);
    if (own !== undefined && own.leader === own.header.member_id) leaders.push(member);
    // A member is healthy when a read went through the quorum, so it has a leader too.
    const answer = jsonBody(health, MemberHealth);
    if (answer?.health === 'true') return { ok: true, words: 'healthy' };
    return { ok: false, words: answer?.reason || `no answer on port ${port}` };
  });
  const [leader] = leaders;
  const well = verdicts.filter(({ ok }) => ok).length;
  const quorum = Math.floor(verdicts.length / 2) + 1;
  const ready = well >= quorum && leader !== undefined;
  const problems = verdicts
    .filter(({ ok }) => !ok)
    .map(({ member, words }) => `${member}: ${words}`);
  return {
    ready,
    healthy: ready && well === verdicts.length,
    leader,
    unhealthy: unhealthyOf(verdicts),
    summary: [
      leader === undefined ? 'no leader' : `leader ${leader}`,
      `${well} of ${verdicts.length} members healthy`,
      ...problems,
    ].join(', '),
  };
}

/** The configuration store: one member less than a quorum and every database above it stops. */
export const etcd: ServiceKind = {
  kind: 'etcd',
  recognize,
  // It tells clusters apart, and lets nobody in.
  notSecret: /^ETCD_INITIAL_CLUSTER_TOKEN$/,
  settings: Settings,
  health: { check },
  lifecycle: {
    async restartOrder(service) {
      const { leader } = await check(service);
      const others = service.members.filter((member) => member !== leader);
      return leader === undefined ? others : [...others, leader];
    },
    async mayRestart(service, member) {
      const { unhealthy = [] } = await check(service);
      const missing = unhealthy.filter((other) => other !== member);
      return missing.length === 0
        ? { allowed: true, why: 'all other members are healthy' }
        : { allowed: false, why: `not healthy: ${missing.join(', ')}` };
    },
  },
};
