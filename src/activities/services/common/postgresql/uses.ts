import pg from 'pg';

interface Seen {
  readonly acts: string;
  readonly reads: string;
  readonly replica: boolean;
}

/** Reads, and writes into a table of a transaction that is rolled back; a replica is only read from. */
export async function readAndWrite(client: pg.Client): Promise<string> {
  const { rows } = await client.query<Seen>(
    `SELECT current_user AS acts, current_database() AS reads, pg_is_in_recovery() AS replica,
       (SELECT count(*) FROM pg_catalog.pg_class) AS read`,
  );
  const [seen] = rows;
  if (seen === undefined) throw new Error('PostgreSQL gave no row');
  const where = `${seen.reads} as ${seen.acts}`;
  if (seen.replica) return `reads ${where}, on a replica`;
  await client.query('BEGIN READ WRITE');
  try {
    await client.query('CREATE TEMPORARY TABLE runbook_proof (proof int)');
    await client.query('INSERT INTO pg_temp.runbook_proof VALUES (1)');
    return `reads and writes ${where}`;
  } catch (error) {
    // A role may be for reading only; that is no matter of its password.
    if (error instanceof pg.DatabaseError && error.code === '42501') return `reads ${where}`;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

/** What a superuser is for; one who is none any more has no use of the password. */
export async function actAsSuperuser(client: pg.Client): Promise<string> {
  await client.query('SELECT rolpassword IS NULL FROM pg_authid LIMIT 1');
  return readAndWrite(client);
}

/** What a replica asks first. */
export async function identifySystem(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ readonly timeline: number; readonly xlogpos: string }>(
    'IDENTIFY_SYSTEM',
  );
  return `may replicate: timeline ${rows[0]?.timeline}, at ${rows[0]?.xlogpos}`;
}

/** The functions that pg_rewind calls on the server it copies from. */
export async function readFiles(client: pg.Client): Promise<string> {
  await client.query("SELECT count(*) FROM pg_ls_dir('pg_wal', true, false)");
  await client.query("SELECT size FROM pg_stat_file('PG_VERSION', true)");
  await client.query("SELECT length(pg_read_binary_file('PG_VERSION', 0, 1, true))");
  await client.query("SELECT length(pg_read_binary_file('PG_VERSION'))");
  return "reads the server's files as pg_rewind does";
}
