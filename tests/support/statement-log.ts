import { execa } from 'execa';

const settings = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_duration: 'on',
  log_connections: 'on',
};

/** Statements of the superuser, as a person types them. */
export async function runAsSuperuser(containerId: string, statements: string): Promise<void> {
  const psql = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres'];
  const args = ['exec', '-i', '--user', 'postgres', containerId, ...psql];
  await execa('docker', args, { input: statements });
}

/** Has a PostgreSQL server write every statement into its log, as somebody would who looks for a fault. */
export async function logStatements(containerId: string): Promise<void> {
  const statements = Object.entries(settings).map(
    ([name, value]) => `ALTER SYSTEM SET ${name} = '${value}';`,
  );
  await runAsSuperuser(containerId, [...statements, 'SELECT pg_reload_conf();'].join('\n'));
}
