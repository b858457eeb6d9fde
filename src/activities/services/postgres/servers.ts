import { z } from 'zod';
import { RunbookError } from '../../../shared/errors.ts';
import { localSettings } from '../common/postgresql/local-settings.ts';
import type { PostgresqlServers } from '../common/postgresql/servers.ts';
import { readSettings } from '../common/settings.ts';
import type { ServiceHandle } from '../kind.ts';

/**
 * Settings: the database user of the local socket, or the variable of the container that names it, its container
 * user, and where the socket is.
 */
export const Settings = z.strictObject(localSettings);

async function running(service: ServiceHandle) {
  const settings = readSettings(service, Settings);
  const facts = await service.facts();
  return facts.filter((fact) => fact.running).map(({ member }) => ({ service, member, settings }));
}

/** A service of this kind has one server. */
export const servers: PostgresqlServers = {
  running,
  async primary(service) {
    const [server] = await running(service);
    if (server !== undefined) return server;
    throw new RunbookError('RB_NO_PRIMARY', `${service.name} has no PostgreSQL server that runs`, {
      why: `no container of ${service.members.join(', ')} runs`,
      fix: 'start it, then retry',
    });
  },
};
