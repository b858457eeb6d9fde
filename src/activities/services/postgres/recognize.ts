import { optionOf, recognizedBy } from '../common/signs.ts';
import type { Settings, Sighting } from '../recognition.ts';

const roleName = /^[A-Za-z_]\w{0,62}$/;

/** Whom to log in as, from the health check, or from the variable that the common images know. */
function connection({ healthCheck, variables }: Sighting): Settings {
  const user = optionOf(healthCheck, '-U', '--username');
  const database = optionOf(healthCheck, '-d', '--dbname');
  const isVariable = variables.includes('POSTGRES_USER') && !roleName.test(user ?? '');
  return {
    ...(isVariable ? { userVariable: 'POSTGRES_USER' } : {}),
    ...(user !== undefined && roleName.test(user) ? { user } : {}),
    ...(database !== undefined && roleName.test(database) ? { database } : {}),
  };
}

/** The image's own user first: it may come in whether the local socket asks for a peer or for nobody. */
export const recognize = recognizedBy({
  image: /^(?:.+[-_])?(?:postgres|postgresql|postgis|pgvector|timescaledb)(?:[-_]?\d[\w.]*)?$/,
  program: /^postgres$/,
  notProgram: /^(?:psql|pg_dump|pg_dumpall|pg_restore|pg_basebackup|pgbench|createdb)$/,
  variable: /^(?:POSTGRES_(?:USER|PASSWORD|DB|PASSWORD_FILE|INITDB_ARGS)|PGDATA)$/,
  ports: [5432],
  mount: /\/(?:postgresql|pgdata)(?:\/|$)/,
  healthCheck: /\bpg_isready\b/,
  settings: (seen) => [{ ...connection(seen), containerUser: 'postgres' }, connection(seen)],
});
