import { RunbookError } from '../../../shared/errors.ts';
import type { PostgresqlServers } from '../common/postgresql/servers.ts';
import { readSettings } from '../common/settings.ts';
import type { ServiceHandle } from '../kind.ts';
import { isWell, readCluster, Settings } from './cluster.ts';

/** The leader by Patroni's word: a member that was cut off may still take itself for the primary. */
export const servers: PostgresqlServers = {
  async running(service) {
    const settings = readSettings(service, Settings);
    const facts = await service.facts();
    return facts
      .filter((fact) => fact.running)
      .map(({ member }) => ({ service, member, settings }));
  },

  async primary(service) {
    const cluster = await readCluster(service);
    const leaders = (cluster ?? []).filter((member) => member.leader && isWell(member));
    const [leader] = leaders;
    if (leaders.length !== 1 || leader === undefined) {
      throw noLeader(service, cluster === undefined ? 'no member answers' : 'there is no leader');
    }
    if (!service.members.includes(leader.name)) {
      throw noLeader(service, `its leader "${leader.name}" is named like none of its containers`);
    }
    return { service, member: leader.name, settings: readSettings(service, Settings) };
  },
};

const noLeader = (service: ServiceHandle, why: string) =>
  new RunbookError('RB_NO_PRIMARY', `${service.name} has no primary now`, {
    why,
    fix: 'wait until there is a leader (patronictl list), then retry',
  });
