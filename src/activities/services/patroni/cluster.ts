import { z } from 'zod';
import { httpInContainer, jsonBody } from '../common/http.ts';
import { localSettings } from '../common/postgresql/local-settings.ts';
import { Port, readSettings } from '../common/settings.ts';
import type { ServiceHandle } from '../kind.ts';

export const Settings = z.strictObject({
  restPort: Port.default(8008),
  restScheme: z.enum(['http', 'https']).default('http'),
  ...localSettings,
});

const Member = z.object({
  name: z.string(),
  role: z.string(),
  state: z.string(),
  /** "unknown" until the member has been heard of. */
  lag: z.union([z.number(), z.string()]).optional(),
});
const Cluster = z.object({ members: z.array(Member) });

export interface ClusterMember {
  readonly name: string;
  readonly leader: boolean;
  readonly state: string;
  /** Bytes behind the leader; undefined when not known. */
  readonly lagBytes: number | undefined;
}

export const restUrl = (service: ServiceHandle, path: string): string => {
  const { restPort, restScheme } = readSettings(service, Settings);
  return `${restScheme}://127.0.0.1:${restPort}${path}`;
};

/** The cluster as its members see it, from the first member that answers; undefined when none does. */
export async function readCluster(
  service: ServiceHandle,
): Promise<readonly ClusterMember[] | undefined> {
  const running = (await service.facts()).filter((fact) => fact.running);
  for (const { member } of running) {
    const answer = await httpInContainer(service, member, { url: restUrl(service, '/cluster') });
    const cluster = jsonBody(answer, Cluster);
    if (cluster !== undefined) return cluster.members.map(toMember);
  }
  return undefined;
}

function toMember(member: z.infer<typeof Member>): ClusterMember {
  return {
    name: member.name,
    leader: member.role === 'leader' || member.role === 'standby_leader',
    state: member.state,
    lagBytes: typeof member.lag === 'number' ? member.lag : undefined,
  };
}

/** A leader runs; a replica streams, or runs in releases of Patroni that do not tell the two apart. */
export const isWell = (member: ClusterMember): boolean =>
  member.state === 'running' || member.state === 'streaming';

export const isCaughtUp = (member: ClusterMember): boolean =>
  isWell(member) && member.lagBytes !== undefined;
