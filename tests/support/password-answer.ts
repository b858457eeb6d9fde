import { execa } from 'execa';
import pg from 'pg';

interface Login {
  readonly host: string;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** Where a service's first container answers on this host. */
export async function addressOf(project: string, service: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const name = `${project}-${service}-1`;
  return (await execa('docker', ['inspect', '--format', format, name])).stdout;
}

/** What PostgreSQL says to a password: `in`, or the code of its refusal. */
export async function passwordAnswer(login: Login): Promise<string> {
  const client = new pg.Client({ ...login, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await client.end();
    return 'in';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
