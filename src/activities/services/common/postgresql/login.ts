import { isIP } from 'node:net';
import pg from 'pg';
import { RunbookError } from '../../../../shared/errors.ts';
import type { CredentialTarget, LoginSecret, LoginVerdict } from '../../credentials.ts';
import type { LocalServer } from './local-command.ts';

const connectTimeoutMs = 5000;
const queryTimeoutMs = 5000;

/** The server's words for a wrong password, and for a login that may not be. */
const refusals = new Set(['28P01', '28000']);

/** How the server's log tells of one. */
export const refusedLoginLines = (login: string): readonly string[] => [
  `password authentication failed for user "${login}"`,
  `role "${login}" is not permitted to log in`,
];

export interface Login {
  /** None for a replication connection. */
  readonly database?: string;
  /** What the login is for; its answer tells people what was seen. */
  readonly use: (client: pg.Client) => Promise<string>;
}

/** Logs in from this host as a consumer does: through the route, or to the primary itself. */
export async function proveLogin(
  target: Pick<CredentialTarget, 'route' | 'service'>,
  primary: () => Promise<LocalServer>,
  { login: user, value: password }: LoginSecret,
  { database, use }: Login,
): Promise<LoginVerdict> {
  const { host, port } = target.route ?? (await addressOf(await primary()));
  const client = new pg.Client({
    ...{ host, port, user, password },
    ...(database === undefined ? replication : { database }),
    application_name: 'runbook',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    ssl: false,
  });
  // Without a listener an error between two queries would end the worker; the query after it tells.
  client.on('error', () => {});
  try {
    await client.connect();
    return { accepted: true, words: await use(client) };
  } catch (error) {
    return refusalOf(error, `${target.service.name} at ${host}:${port}`, user);
  } finally {
    client.end().catch(() => {});
  }
}

/** The client library takes it; its types do not know it. */
const replication = { replication: 'true' } as object;

function refusalOf(error: unknown, where: string, login: string): LoginVerdict {
  const state = sqlStateOf(error);
  if (state !== undefined && refusals.has(state)) {
    return {
      accepted: false,
      refusal: state,
      words: `PostgreSQL refuses ${login}: SQLSTATE ${state}`,
    };
  }
  if (error instanceof RunbookError) throw error;
  if (state === undefined || /^(?:08|57P|53)/.test(state)) {
    throw new RunbookError('RB_CREDENTIAL_UNANSWERED', `${where} does not answer a login`, {
      why: state === undefined ? networkWords(error) : `SQLSTATE ${state}`,
      fix: 'see whether the service and what stands before it are well, then retry',
    });
  }
  throw new RunbookError(
    'RB_PROOF_DENIED',
    `${login} can log in at ${where}, and not do its work`,
    {
      why: `PostgreSQL answered SQLSTATE ${state} to what a consumer does`,
      fix: 'give the role the rights that it needs, then retry; or correct its database in the platform file and start a new run',
    },
  );
}

const sqlStateOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** The library's own messages are few and name no value. */
function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.message;
}

async function addressOf({ service, member, settings }: LocalServer) {
  const facts = await service.facts();
  const own = facts.find((fact) => fact.member === member && fact.running);
  const host = own?.addresses.find((address) => isIP(address) !== 0);
  if (host !== undefined) return { host, port: settings.port };
  throw new RunbookError('RB_CREDENTIAL_UNANSWERED', `${member} cannot be reached from this host`, {
    why: 'its container has no address in a network',
    fix: `see whether ${member} runs, then retry; or give the secret a route in the platform file and start a new run`,
  });
}
