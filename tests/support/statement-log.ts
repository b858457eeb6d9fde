import { execa } from 'execa';

const settings = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_duration: 'on',
  log_connections: 'on',
};

/** Has a PostgreSQL server write every statement into its log, as somebody would who looks for a fault. */
export async function logStatements(containerId: string): Promise<void> {
  const statements = Object.entries(settings).map(
    ([name, value]) => `ALTER SYSTEM SET ${name} = '${value}';`,
  );
  const input = [...statements, 'SELECT pg_reload_conf();'].join('\n');
  const psql = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'postgres'];
  await execa('docker', ['exec', '-i', '--user', 'postgres', containerId, ...psql], { input });
}
