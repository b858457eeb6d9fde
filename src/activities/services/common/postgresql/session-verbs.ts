import type { AccountType } from '../../credentials.ts';
import type { PostgresqlServers } from './servers.ts';
import { endOpenSessions, openSessions } from './sessions.ts';

type SessionVerbs = Required<Pick<AccountType, 'sessions' | 'endSessions'>>;

/** The same for every account of PostgreSQL. */
export const sessionVerbs = (servers: PostgresqlServers): SessionVerbs => ({
  sessions: async ({ service }, login, openedBefore) =>
    openSessions(await servers.running(service), login, openedBefore),
  endSessions: async (target, sessions) =>
    endOpenSessions(target, await servers.running(target.service), sessions),
});
