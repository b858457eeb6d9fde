import type { ServiceHandle } from '../../kind.ts';
import type { LocalServer } from './local-command.ts';

/** What a kind of service knows of its PostgreSQL servers; accounts are the same in all kinds. */
export interface PostgresqlServers {
  /** The one that takes writes now. Throws when there is none. */
  primary(service: ServiceHandle): Promise<LocalServer>;
  /** Those whose container runs. */
  running(service: ServiceHandle): Promise<readonly LocalServer[]>;
}
